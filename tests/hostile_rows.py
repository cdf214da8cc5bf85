"""Rows that would take over a page, a terminal or a summary that obeyed them."""

import json

from fake_runs import SECRET

OWNED = "document.title='owned'"
TEXTS = (
    f"</style></title></textarea><script>{OWNED}</script>",
    f'<img src=x onerror="{OWNED}"><svg onload="{OWNED}"><iframe srcdoc="<script>{OWNED}">',
    "]]> --> <!-- <![CDATA[ </details></main></html> <?xml ?> <!doctype html>",
    "&lt;b&gt; &#60;script&#62; &amp;amp; &nbsp",
    "\u202egnp.exe \u2066\u200b\ufeff \x1b[31mred\x1b]0;owned\x07 \x00 \r\n \ud800 \U000e0041",
    "| a | b |\n|---|---|\n# owned\n[owned](javascript:alert(1)) `x` ![](http://evil.example/x.png)",
    f'x\' onmouseover=\'{OWNED}\' " onfocus="{OWNED}" style="background:url(http://evil.example)"',
    "<style>@import 'http://evil.example/x.css';</style><link rel=stylesheet href=//evil.example>",
    f"my key is {SECRET} <b>",
)


def rows() -> list[bytes]:
    """One row for each text, which is also its id, its teacher, its source and its question."""
    return [
        json.dumps(
            {
                "id": f"{text}{n}",
                "model": text,
                "source": text,
                "messages": [
                    {"role": "user", "content": text},
                    {"role": "assistant", "content": text * 3},
                ],
            }
        ).encode()
        + b"\n"
        for n, text in enumerate(TEXTS)
    ] + [f"{text}\n".replace("\r", "").encode("utf-8", "replace") for text in TEXTS[:2]]
