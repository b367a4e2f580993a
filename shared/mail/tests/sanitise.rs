//! HTML of strangers is safe to show, and stays the same when it is made safe again.

use mail::sanitise;
use proptest::prelude::*;

/// What a page of ours must never get from a mail, in lower case.
const FORBIDDEN: [&str; 22] = [
    "<script",
    "<svg",
    "<math",
    "<style",
    "<iframe",
    "<object",
    "<embed",
    "<form",
    "<input",
    "<link",
    "<meta",
    "<base",
    "<template",
    "<textarea",
    "<noscript",
    "<title",
    "<video",
    "<audio",
    " style=",
    " class=",
    " id=",
    " srcset=",
];

/// Whether markup could run, load or cover anything. Looks at tags only: what is text may say anything.
fn is_harmless(html: &str) -> Result<(), String> {
    let lower = html.to_lowercase();
    for tag in lower.split('<').skip(1) {
        let tag = format!("<{}", tag.split('>').next().unwrap_or_default());
        if let Some(found) = FORBIDDEN.iter().find(|f| tag.contains(**f)) {
            return Err(format!("{found} in {tag}"));
        }
        for attribute in tag.split(' ').skip(1) {
            if attribute.starts_with("on") {
                return Err(format!("{attribute} in {tag}"));
            }
            if let Some(value) = attribute.strip_prefix("src=\"")
                && !value.starts_with("cid:")
            {
                return Err(format!("{attribute} in {tag}"));
            }
            if let Some(value) = attribute.strip_prefix("href=\"")
                && !["http://", "https://", "mailto:", "tel:"]
                    .iter()
                    .any(|s| value.starts_with(s))
            {
                return Err(format!("{attribute} in {tag}"));
            }
        }
    }
    Ok(())
}

fn check(html: &str) {
    let safe = sanitise(html);
    assert_eq!(is_harmless(&safe), Ok(()), "{html}\n{safe}");
    assert_eq!(sanitise(&safe), safe, "not stable: {html}");
}

/// What is run by the vectors below; each must be gone wherever it is put.
const CALLS: [&str; 3] = ["alert(1)", "alert`1`", "fetch('//x.example')"];

/// Frames around a call (`@`): scripts, handlers, addresses, other markup languages, parsers that disagree.
const VECTORS: [&str; 64] = [
    "<script>@</script>",
    "<ScRiPt src=//x.example></sCrIpT>",
    "<script/x>@</script\n>",
    "<scr<script>ipt>@</scr</script>ipt>",
    "<<script>@//<</script>",
    "<script>@",
    "<img src=x onerror=@>",
    "<img/src/onerror=@>",
    "<img src='x'onerror='@'>",
    "<img \0src=x on\0error=@>",
    "<img src=x OnErRoR\n=\n@>",
    "<img src=javascript:@>",
    "<img src=\"cid:x\" srcset=\"//x.example 1x\" onload=@>",
    "<img src=\" cid:x\"><img src=\"CID:x\" lowsrc=//x.example>",
    "<img src=//x.example/pixel width=1 height=99999>",
    "<img src='data:image/svg+xml,<svg onload=@>'>",
    "<a href=javascript:@>x</a>",
    "<a href=' java\tscript:@'>x</a>",
    "<a href='&#106;avascript:@'>x</a>",
    "<a href='&#x6A&#x61vascript&colon;@'>x</a>",
    "<a href='\u{1}javascript:@'>x</a>",
    "<a href='vbscript:@'>x</a>",
    "<a href='data:text/html,<script>@</script>'>x</a>",
    "<a href='//x.example'>x</a>",
    "<a href='/logout'>x</a>",
    "<a href='cid:x' target=_top ping=//x.example>x</a>",
    "<a href='https://x.example' onclick=@ style='position:fixed'>x</a>",
    "<a\x0bhref='javascript:@'>x</a>",
    "<body onload=@>",
    "<body background=//x.example/pixel>",
    "<table background=//x.example><td background='javascript:@'>x",
    "<div style='background:url(//x.example)'>x</div>",
    "<div style='position:fixed;inset:0'>x</div>",
    "<div style=width:expression(@)>x</div>",
    "<style>@import '//x.example';</style>",
    "<style><img src='</style><img src=x onerror=@>'>",
    "<svg onload=@>",
    "<svg><script>@</script></svg>",
    "<svg><animate onbegin=@ attributeName=x></svg>",
    "<svg><set attributeName=href to=javascript:@><a><text>x</a></svg>",
    "<svg><a xlink:href=javascript:@><text>x</text></a></svg>",
    "<svg><style><img src=x onerror=@></style></svg>",
    "<svg></p><style><a id='</style><img src=1 onerror=@>'>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=@&gt;'>",
    "<math href=javascript:@>x</math>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=@>",
    "<noscript><p title='</noscript><img src=x onerror=@>'>",
    "<template><img src=x onerror=@></template>",
    "<title><img src=x onerror=@></title>",
    "<textarea><img src=x onerror=@></textarea>",
    "<xmp><img src=x onerror=@></xmp>",
    "<plaintext><img src=x onerror=@>",
    "<iframe src=javascript:@></iframe>",
    "<iframe srcdoc='<script>@</script>'></iframe>",
    "<object data=javascript:@></object>",
    "<embed src=javascript:@>",
    "<form action=javascript:@><input type=submit autofocus onfocus=@></form>",
    "<button formaction=javascript:@>x</button>",
    "<meta http-equiv=refresh content='0;url=javascript:@'>",
    "<base href=//x.example/><link rel=stylesheet href=//x.example>",
    "<details open ontoggle=@><summary>x</summary></details>",
    "<video><source onerror=@></video><audio src=x onerror=@>",
    "<!--[if mso]><img src=x onerror=@><![endif]--><!--><img src=x onerror=@>-->",
    "<p id=x name=y class=fixed dir='\" onclick=@' lang='\"><script>@</script>'>x</p>",
];

#[test]
fn no_vector_runs_loads_or_covers_anything() {
    let surroundings = [
        "@",
        "<table><tr><td>@",
        "<blockquote><p>@</p></blockquote>",
        "</div>@<b>",
    ];
    let mut tried = 0;
    for vector in VECTORS {
        for call in CALLS {
            let attack = vector.replace('@', call);
            for around in surroundings {
                check(&around.replace('@', &attack));
                tried += 1;
            }
        }
    }
    assert!(tried >= 100);
}

#[test]
fn what_people_write_stays() {
    let html = "<h1 dir=\"rtl\">T</h1><p>a<br><b>b</b> <a href=\"https://x.example/?a=1&amp;b=2\">l</a></p><ul><li>1</li></ul><table><tbody><tr><td colspan=\"2\">c</td></tr></tbody></table><img alt=\"x\" src=\"cid:i1\"><blockquote>q</blockquote><pre>p</pre>";
    let safe = sanitise(html);
    assert_eq!(
        safe.replace(" rel=\"noopener noreferrer nofollow\"", ""),
        html
    );
}

#[test]
fn markup_that_grows_is_shown_as_its_text() {
    let deep = format!(
        "{}words &lt;b&gt;{}",
        "<div>".repeat(5_000),
        "</div>".repeat(5_000)
    );
    assert_eq!(sanitise(&deep), "<pre>words &lt;b&gt;</pre>");
    let font = |n| format!("<font color={n}>");
    let wide = (0..2_000).map(font).collect::<Vec<_>>().concat();
    check(&(wide + &"<p>x".repeat(50_000)));
    check(&"<a><table>".repeat(20_000));
}

/// Pieces of markup in any order.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        proptest::sample::select(VECTORS.to_vec()).prop_map(|v| v.replace('@', "alert(1)")),
        proptest::sample::select(vec![
            "<table>",
            "</table>",
            "<tr>",
            "<td>",
            "<p>",
            "</p>",
            "<a href='https://x.example'>",
            "</a>",
            "<b>",
            "</b>",
            "<i>",
            "</i>",
            "<div>",
            "</div>",
            "<ul><li>",
            "</ul>",
            "<pre>\n\n",
            "</pre>",
            "<svg>",
            "</svg>",
            "<math>",
            "<mtext>",
            "<style>",
            "</style>",
            "<!--",
            "-->",
            "<![CDATA[",
            "]]>",
            "<select>",
            "<option>",
            "<caption>",
            "<h1>",
            "</h2>",
            "<br/>",
            "&lt;script&gt;",
            "&#0;",
            "&nbsp",
            "<q cite='",
            "\"",
            "'",
            ">",
            "<",
            "=",
            "\u{0}",
            "\u{a0}",
            "<img src=cid:1 alt='<b>'>",
        ])
        .prop_map(str::to_owned),
        "\\PC{0,8}",
    ];
    proptest::collection::vec(piece, 0..30).prop_map(|p| p.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn any_markup_becomes_harmless_and_stays_so(html in pieces()) {
        let safe = sanitise(&html);
        prop_assert_eq!(is_harmless(&safe), Ok(()));
        prop_assert_eq!(sanitise(&safe), safe);
    }
}
