"""How the page looks: one column, the fonts of the system, one colour of its own, by day and night.

Red, amber and green say what became of records, and words beside them say the same.
"""

CSS = """
:root{color-scheme:light dark;--paper:#fff;--ink:#1b1f24;--soft:#57606a;--line:#dfe3e8;
--tint:#f5f7f9;--accent:#1b6ca8;--wash:#dbeaf6;--red:#b3261e;--amber:#8a5a00;--green:#1d7447;
--mark:#fff0c2;--faint:#b9c3cd}
@media (prefers-color-scheme:dark){:root{--paper:#15181c;--ink:#e4e7eb;--soft:#a3adb8;
--line:#2d333a;--tint:#1c2025;--accent:#7cc0f0;--wash:#1f3648;--red:#f2958d;--amber:#e5b567;
--green:#7ccf9f;--mark:#4d3f14;--faint:#4a535d}}
*{box-sizing:border-box}
html{font:16px/1.6 system-ui,-apple-system,"Segoe UI",sans-serif;background:var(--paper);
color:var(--ink);-webkit-text-size-adjust:100%}
body{margin:0 auto;max-width:54rem;padding:3.5rem 1.5rem 6rem}
h1{font-size:2.1rem;line-height:1.2;font-weight:650;letter-spacing:-.02em;margin:0 0 .4rem;
overflow-wrap:anywhere}
h2{font-size:1.4rem;font-weight:620;letter-spacing:-.01em;margin:4rem 0 1rem;
padding-top:1.5rem;border-top:1px solid var(--line)}
h3{font-size:1.1rem;font-weight:620;margin:2.75rem 0 .4rem;overflow-wrap:anywhere}
h4{font-size:1rem;font-weight:600;margin:1.75rem 0 .4rem}
p{margin:.6rem 0;max-width:44rem}
ul{padding-left:1.2rem;max-width:44rem}
a{color:var(--accent);text-underline-offset:.2em}
:focus-visible{outline:2px solid var(--accent);outline-offset:3px;border-radius:2px}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.skip{position:absolute;left:-999px}
.skip:focus{left:1rem;top:1rem;background:var(--paper);padding:.4rem .8rem}
.soft,figcaption,caption{color:var(--soft)}
.soft,figcaption,caption,table,pre,.facts{font-size:.875rem}
code,pre,.mono{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
code,.mono{font-size:.85em;overflow-wrap:anywhere}
nav ul{list-style:none;margin:2rem 0 0;padding:0;display:flex;flex-wrap:wrap;gap:.3rem 1.4rem;
max-width:none}
nav a{text-decoration:none}
nav a:hover{text-decoration:underline}
.facts{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1.5rem;margin:1.2rem 0}
.facts dt{color:var(--soft)}
.facts dd{margin:0;overflow-wrap:anywhere}
.balance{display:grid;grid-template-columns:repeat(4,1fr);gap:1rem;margin:1.5rem 0 .75rem}
.balance dt{font-size:.875rem}.balance dt.read{color:var(--soft)}
.balance dd{margin:0;font-size:1.75rem;font-weight:600;font-variant-numeric:tabular-nums;
letter-spacing:-.02em;line-height:1.3}
.balance span{display:block;font-size:.875rem;font-weight:400;color:var(--soft);letter-spacing:0}
.notice{border-left:3px solid var(--red);padding:.1rem 1rem;margin:1.5rem 0}
.plain{border-left-color:var(--accent)}
.kept{color:var(--green)}.dropped{color:var(--red)}.quarantined{color:var(--amber)}
.scrolled{position:relative;overflow-x:auto;margin:1rem 0}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
caption{text-align:left;padding-bottom:.4rem}
th,td{text-align:left;padding:.35rem 1rem .35rem 0;border-bottom:1px solid var(--line);
vertical-align:top}
th:last-child,td:last-child{padding-right:0}
thead th{color:var(--soft);font-weight:500;white-space:nowrap}
tbody th{font-weight:500;overflow-wrap:anywhere;min-width:7rem}
.number{text-align:right;white-space:nowrap}
.overlap td{background:color-mix(in srgb,var(--accent) calc(var(--share)*40%),transparent);
padding-right:.5rem;padding-left:.75rem}
.overlap .own{font-weight:600}
figure{margin:1.25rem 0}
figcaption{margin-top:.5rem;max-width:44rem}
svg.drawing{width:100%;height:auto;display:block}
svg{font:13px system-ui,sans-serif;max-width:100%;height:auto}
svg text{fill:var(--ink);font-variant-numeric:tabular-nums}
svg .strong{font-weight:600}
svg .left{fill:var(--accent);opacity:.75}svg .left.end{opacity:1}
svg rect.dropped{fill:var(--red)}svg .aside{fill:var(--amber)}
svg .hit{fill:var(--accent)}svg .miss{fill:var(--faint)}
svg .rest{fill:none;stroke:var(--soft);stroke-dasharray:2 2}
svg .before{fill:var(--faint)}
svg .grid{stroke:var(--line)}svg .axis{stroke:var(--soft)}
svg .bound{stroke:var(--ink);stroke-dasharray:4 3}
svg.small{width:160px;vertical-align:middle}
details{margin:1rem 0}
summary{cursor:pointer;color:var(--accent);width:fit-content}
pre{background:var(--tint);padding:1rem 1.25rem;overflow-x:auto;line-height:1.5;border-radius:6px;
max-height:40rem}
.record{margin:1.25rem 0;padding:1rem 1.25rem;background:var(--tint);border-radius:6px}
.record header{font-size:.875rem;overflow-wrap:anywhere}
.record header p{margin:0;max-width:none}
.turn{margin-top:.9rem}
.who{margin:0 0 .1rem;font-size:.8rem;font-weight:500;color:var(--soft)}
.said{white-space:pre-wrap;overflow-wrap:anywhere;font-size:.925rem;line-height:1.55}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:0 1.75rem}
mark{background:var(--mark);color:inherit;border-bottom:2px solid var(--amber)}
.gap{color:var(--soft);font-size:.85em}
footer{margin-top:5rem;color:var(--soft);font-size:.875rem}
@media (max-width:40rem){body{padding:2rem 1rem 4rem}.balance{grid-template-columns:1fr 1fr}
.pair{grid-template-columns:1fr}.facts{grid-template-columns:1fr}.facts dd{margin-bottom:.5rem}}
@media print{.skip,nav{display:none}body{padding:0}}
"""
