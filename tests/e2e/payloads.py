"""Payloads: texts that would run, lead away or break a page if they were not escaped.

Each tries to set ``window.hit``, which a page cannot have by itself, or to fetch from another
host. They stand in classes, so that one can see what was thought of.
"""

from __future__ import annotations

import json
from typing import Any

MARK = "window.hit=1"
AWAY = "http://evil.example"

TAGS = [
    f"<script>{MARK}</script>",
    f"</title><script>{MARK}</script>",
    f"</textarea><script>{MARK}</script>",
    f"--></style></script><script>{MARK}</script>",
    f"<ScRiPt>{MARK}</sCrIpT>",
    f"<script/x>{MARK}</script\t>",
    f"<<script>{MARK}//<</script>",
    f"<script src={AWAY}/x.js></script>",
    f"<script>{MARK}",
    f"<scr<script>ipt>{MARK}</scr</script>ipt>",
    f"<iframe srcdoc='<script>parent.{MARK}</script>'></iframe>",
    f"<iframe src='{AWAY}/frame'></iframe>",
    f"<object data='{AWAY}/object'></object>",
    f"<embed src='{AWAY}/embed'>",
]
HANDLERS = [
    f"<img src=x onerror={MARK}>",
    f"<img src=x onerror='{MARK}'",
    f"<body onload={MARK}>",
    f"<details open ontoggle={MARK}>",
    f"<input autofocus onfocus={MARK}>",
    f"<select autofocus onfocus={MARK}></select>",
    f"<video><source onerror={MARK}></video>",
    f"<audio src=x onerror={MARK}></audio>",
    f"<marquee onstart={MARK}>x</marquee>",
    f"<style>@keyframes k{{}}</style><b style=animation-name:k onanimationstart={MARK}>x</b>",
]
ATTRIBUTES = [
    f'" onmouseover="{MARK}" autofocus onfocus="{MARK}" x="',
    f"' onfocus='{MARK}' autofocus tabindex='0",
    f'"><img src=x onerror={MARK}>',
    f"'><img src=x onerror={MARK}>",
    f"` onfocus={MARK} autofocus `",
    f" autofocus onfocus={MARK} x=",
    f"/onerror={MARK}/src=x ",
    f"&quot; onfocus=&quot;{MARK}&quot; autofocus",
    f"&#34;&#62;&#60;img src=x onerror={MARK}&#62;",
    f"&lt;img src=x onerror={MARK}&gt;",
]
ADDRESSES = [
    f"javascript:{MARK}",
    f"JaVaScRiPt:{MARK}",
    f"java\tscript:{MARK}",
    f"\x01javascript:{MARK}",
    f"javascript&colon;{MARK}",
    f"<a href='javascript:{MARK}'>press</a>",
    f"data:text/html,<script>{MARK}</script>",
    "data:text/html;base64,PHNjcmlwdD53aW5kb3cuaGl0PTE8L3NjcmlwdD4=",
    f"vbscript:{MARK}",
    f"<form action='javascript:{MARK}'><button>press</button></form>",
    f"<base href='{AWAY}/'>",
    f"<meta http-equiv=refresh content='0;url={AWAY}/refresh'>",
    f"<link rel=stylesheet href='{AWAY}/x.css'>",
    f"//{AWAY.partition('//')[2]}/path",
]
DRAWINGS = [
    f"<svg onload={MARK}>",
    f"<svg><script>{MARK}</script></svg>",
    "<svg><script>window&#46;hit&#61;1</script></svg>",
    f"<svg><animate onbegin={MARK} attributeName=x dur=1s>",
    f"<svg><a xlink:href='javascript:{MARK}'><text y=20>press</text></a></svg>",
    f"<svg><use href='{AWAY}/x.svg#a'></use></svg>",
    f"<math><mtext><table><mglyph><style><img src=x onerror={MARK}>",
    f"<math href='javascript:{MARK}'>press</math>",
]
MUTATIONS = [
    f"<noscript><p title='</noscript><img src=x onerror={MARK}>'>",
    f"<svg></p><style><a id='</style><img src=x onerror={MARK}>'>",
    f"<form><math><mtext></form><form><mglyph><style></math><img src=x onerror={MARK}>",
    f"<template><script>{MARK}</script></template>",
    f"<!--<img src='--><img src=x onerror={MARK}>'>",
    f"<!-- {MARK} <script>",
    f"<![CDATA[<script>{MARK}</script>]]>",
    f"<?xml <script>{MARK}</script>?>",
    "<plaintext>",
    "<textarea>",
    "</main></div></body></html>",
]
STYLES = [
    f"<style>*{{background:url({AWAY}/css)}}</style>",
    f"<p style='background:url({AWAY}/css)'>x</p>",
    f"x:url({AWAY}/css);}}",
    f"<style>@import '{AWAY}/x.css';</style>",
]
TEMPLATES = [
    "{{7*7}}",
    "{% import os %}{{ config }}",
    "${7*7}",
    "#{7*7}",
    "<%= 7*7 %>",
    "{0.__class__}",
    "%(name)s %s {n} {title}",
    "{{constructor.constructor('window.hit=1')()}}",
]
LETTERS = [
    f"+ADw-script+AD4-{MARK}+ADw-/script+AD4-",
    f"\uff1cscript\uff1e{MARK}\uff1c/script\uff1e",
    f"\u202e>tpircs/<1=tih.wodniw>tpircs<\u202c <script>{MARK}</script>",
    f"<scr\x00ipt>{MARK}</scr\x00ipt>",
    f"<\u017fcript>{MARK}</\u017fcript>",
    f"\u2028<img src=x onerror={MARK}>\u2029",
    f"\ufeff<script>{MARK}</script>",
    f"\x1b$B<script>{MARK}</script>\x1b(B",
    f"a\u0300\u0301<b\u200b onfocus={MARK} autofocus tabindex=0>\u0489",
]
PAYLOADS = [
    *TAGS,
    *HANDLERS,
    *ATTRIBUTES,
    *ADDRESSES,
    *DRAWINGS,
    *MUTATIONS,
    *STYLES,
    *TEMPLATES,
    *LETTERS,
]


def record(number: int, payload: str) -> dict[str, Any]:
    """A study in the format of reviews with one payload in each field that takes free words.

    It is made to be shown in full: labelled for people with breast cancer, with events, ratings
    and marks. What no field of that name may hold is left to the test of refusals.
    """
    # A title needs a letter for its key, and each study one of its own.
    payload = payload.replace("\x00", "")
    return {
        "title": f"{payload} study {number}",
        "kind": "Study",
        "posted": "2026-10-01",
        "primary": f"People with breast cancer, {payload}",
        "also": [f"people with ovarian cancer or {payload}", payload],
        "relevance": "High",
        "strength_of_science": "High",
        "research_timeline": "Human Research",
        "marks": ["weak", "animal"],
        "events": [
            {
                "on": "2026-10-02",
                "text": {"en": payload, "es": payload},
                "url": f"https://example.org/{number}?q='onfocus='{MARK}",
            }
        ],
        "summary": {"en": payload, "es": payload},
        "as_of": "2026-10-01",
        "topics": [payload],
        "sections": [{"heading": payload, "text": payload}],
        "references": [payload],
        "url": f"https://example.org/{number}/'onmouseover='{MARK}'",
    }


def risky_records(payload: str, number: int) -> list[dict[str, Any]]:
    """Studies with a payload where only a link, a kind, a rating, a day or a key may stand."""
    plain = {**record(number, "plain"), "url": None}
    return [
        {**plain, "title": f"place {place} of {number}", **wrong}
        for place, wrong in enumerate(
            [
                {"url": payload},
                {"events": [{**plain["events"][0], "url": payload}]},
                {"kind": payload},
                {"relevance": payload},
                {"research_timeline": payload},
                {"posted": payload},
                {"marks": [payload]},
                {"key": payload},
                {"standing": payload},
            ]
        )
    ]


def as_lines(records: list[dict[str, Any]]) -> str:
    """Records as a file of JSON lines."""
    return "\n".join(json.dumps(one) for one in records)
