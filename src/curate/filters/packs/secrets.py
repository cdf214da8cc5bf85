"""Credentials: keys, tokens and passwords that give access to something.

Prefixes and lengths are those known of each issuer. A GitHub token must carry its own checksum;
what has no telling prefix must look drawn at random, and the keys of a manual ("EXAMPLE") are none.
A password in prose is beyond patterns.
"""

from curate.filters.checksums import github_token, no_placeholder, random_looking
from curate.filters.packs.pack import Pack, either, words

_KEY_NAME = either(
    words("api, access, auth, secret, private, client, encryption, signing, service")
    + r"[ _-]?(?:access[ _-]?)?(?:key|token|secret)",
    words("secret, token, passwd, password, passphrase"),
)
_IS = r"[\"']?\s{0,3}(?:[:=]|=>|:=)\s{0,3}"
_LOWER_HEX = "[0-9a-f]"

PACK = Pack(
    name="secrets",
    version="2",
    about="API keys, access tokens, private keys and passwords, in any turn",
    scope="conversation",
    sensitive=True,
    patterns={
        "private-key": r"-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----",
        "aws-access-key": r"\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}\b",
        "aws-secret-key": (
            rf"(?i:aws|amazon)\w{{0,20}}{_IS}[\"']?(?P<value>[A-Za-z0-9/+]{{40}})(?![A-Za-z0-9/+=])"
        ),
        "github-token": r"\bgh[pousr]_[A-Za-z0-9]{36}\b",
        "github-fine-grained-token": r"\bgithub_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}\b",
        "gitlab-token": (
            r"\bgl(?:pat|dt|rt|ft|soat|cbt|imt|agent|ptt|oas|ffct)-[A-Za-z0-9_-]{20,}"
        ),
        "slack-token": (
            r"\bxox[abeoprs](?:\.xox[bp])?-(?:[A-Za-z0-9]+-){1,5}[A-Za-z0-9]{10,}"
            r"|\bxapp-[0-9]-[A-Z0-9]{8,16}-[0-9]{8,16}-[A-Za-z0-9]{32,}"
        ),
        "slack-webhook": r"hooks\.slack\.com/(?:services|workflows)/T\w{7,}/\w{7,}/\w{20,}",
        "discord-token": (
            r"\b[MNO][DTjz][A-Za-z0-9_-]{22,25}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,38}\b"
        ),
        "discord-webhook": r"discord(?:app)?\.com/api/webhooks/[0-9]{17,20}/[A-Za-z0-9_-]{60,}",
        "google-api-key": r"\bAIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])",
        "google-oauth-token": r"\bya29\.[A-Za-z0-9_-]{40,}|\bGOCSPX-[A-Za-z0-9_-]{28}\b",
        "anthropic-key": r"\bsk-ant-[a-z0-9]{3,12}-[A-Za-z0-9_-]{32,}",
        "openai-key": (
            r"\bsk-(?!ant-)(?:proj-|svcacct-|admin-|or-v1-)?(?P<value>[A-Za-z0-9_-]{20,})"
        ),
        "huggingface-token": r"\b(?:hf|api_org)_[A-Za-z0-9]{34}\b",
        "groq-key": r"\bgsk_[A-Za-z0-9]{52}\b",
        "xai-key": r"\bxai-[A-Za-z0-9]{80}\b",
        "perplexity-key": r"\bpplx-[A-Za-z0-9]{48}\b",
        "replicate-token": r"\br8_[A-Za-z0-9]{37}\b",
        "stripe-key": r"\b(?:[sr]k_(?:live|test)|whsec)_[A-Za-z0-9]{16,}",
        "npm-token": r"\bnpm_[A-Za-z0-9]{36}\b",
        "pypi-token": r"\bpypi-AgE[A-Za-z0-9_-]{50,}",
        "docker-token": r"\bdckr_(?:pat|oat)_[A-Za-z0-9_-]{27,32}(?![A-Za-z0-9_-])",
        "sendgrid-key": r"\bSG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{32,64}",
        "shopify-token": r"\bshp(?:at|ca|pa|ss)_[A-Fa-f0-9]{32}\b",
        "azure-account-key": (
            r"\b(?:AccountKey|SharedAccessKey)=(?:[A-Za-z0-9+/]{86}==|[A-Za-z0-9+/]{43}=)"
        ),
        "azure-client-secret": (
            r"(?<![\w~.-])\w{3}[0-9]Q~(?P<value>[A-Za-z0-9_~.-]{31,34})(?![\w~-])"
        ),
        "digitalocean-token": rf"\bdo[opr]_v1_{_LOWER_HEX}{{64}}\b",
        "databricks-token": rf"\bdapi{_LOWER_HEX}{{32}}(?:-[0-9])?\b",
        "vault-token": r"\bhv[sbr]\.[A-Za-z0-9_-]{24,}",
        "grafana-token": rf"\bglsa_[A-Za-z0-9]{{32}}_{_LOWER_HEX}{{8}}\b",
        "telegram-bot-token": r"\b[0-9]{8,10}:AA[A-Za-z0-9_-]{33}(?![A-Za-z0-9_-])",
        "jwt": r"\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{16,}",
        "bearer-token": (
            r"(?i:\bauthorization)[\"']?\s{0,3}[:=]\s{0,3}[\"']?(?i:bearer|basic|token)\s"
            r"(?P<value>[A-Za-z0-9+/_.~-]{20,512})"
        ),
        "url-password": (
            r"\b[a-z][a-z0-9+]{1,20}://[^\s:/@\"'<>{}$]{1,64}:(?P<value>[^\s:/@\"'<>{}$]{8,64})@[\w.-]+"
        ),
        "connection-string": r";\s?(?i:password|pwd)\s?=\s?(?P<value>[^;\s\"'<>{}$*]{8,64})",
        "env-file": (
            r"(?m:^)(?:export )?[A-Z][A-Z0-9_]{0,40}(?:KEY|TOKEN|SECRET|PASSWORD)="
            r"(?P<value>[A-Za-z0-9+/_.=-]{16,128})(?m:$)"
        ),
        "assignment": (
            rf"(?i:\b(?:\w{{1,30}}_)?{_KEY_NAME}){_IS}[\"'`](?P<value>[^\s\"'`]{{16,128}})[\"'`]"
        ),
    },
    checks={
        "aws-access-key": no_placeholder,
        "aws-secret-key": random_looking,
        "github-token": github_token,
        "openai-key": random_looking,
        "azure-client-secret": random_looking,
        "vault-token": random_looking,
        "bearer-token": random_looking,
        "url-password": random_looking,
        "connection-string": random_looking,
        "env-file": random_looking,
        "assignment": random_looking,
    },
)
