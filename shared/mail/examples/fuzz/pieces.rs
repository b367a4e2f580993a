//! Inputs from pieces that mean something, mutated.

use super::random::Random;

pub(crate) const MAIL: &[&str] = &[
    "From: ",
    "To: ",
    "Subject: ",
    "Date: Mon, 3 Mar 2025 10:00:00 +0000\n",
    "Jo <a@x.example>\n",
    "\n",
    "\r\n",
    "\r",
    "Content-Type: multipart/mixed; boundary=b\n",
    "Content-Type: multipart/alternative; boundary=\"bb\"\n",
    "Content-Type: multipart/related; boundary=b\n",
    "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n",
    "Content-Type: message/rfc822\n",
    "Content-Type: message/delivery-status\n",
    "Content-Type: message/feedback-report\n",
    "Content-Type: text/html; charset=utf-7\n",
    "Content-Type: text/plain; format=flowed; charset=gb18030\n",
    "Content-Type: application/ms-tnef; name=winmail.dat\n",
    "Content-Type: text/plain; charset=iso-2022-jp\n",
    "Content-Transfer-Encoding: base64\n",
    "Content-Transfer-Encoding: quoted-printable\n",
    "Content-Transfer-Encoding: x-uuencode\n",
    "Content-Disposition: attachment; filename*0*=utf-8''%E2%80%AE; filename*1=\"../x\n",
    "Content-ID: <c@x>\n",
    "--b\n",
    "--bb\n",
    "--b--\n",
    "--bb--\r\n",
    "\n\n",
    "=?utf-8?B?w6TD?=",
    "=?x?Q?=",
    " =?iso-8859-1?Q?=E4_?=",
    "Final-Recipient: rfc822; a@x.example\n",
    "Action: failed\n",
    "Status: 5.1.1\n",
    "Diagnostic-Code: smtp; 550 5.1.1 no\n",
    "Message-ID: <1@x.example>\n",
    "References: <n.a.b.c@x.example> <2@x>\n",
    "In-Reply-To: <3@x>\n",
    "Return-Path: <>\n",
    "Received: from a by b (envelope-from <0100019000000000-00000000-0000-0000-0000-000000000000-000000@x>)\n",
    "Auto-Submitted: auto-replied\n",
    "List-Id: <l.x>\n",
    "X-Forwarded-For: a@x.example b@x.example\n",
    "begin 644 x\n#0V%T\n`\nend\n",
    "eJ8+IgEAAQ==",
    "x\u{9f}>\"\"",
    "-----BEGIN PGP MESSAGE-----\n",
    "On 1 Jan 2025 10:00, a <a@x.example> wrote:\n> x\n",
    "<div class=gmail_quote><blockquote>",
    "&#x110000;&nbsp",
    "</blockquote><!-- ",
];

pub(crate) const ADDRESS: &[&str] = &[
    "a",
    "@",
    "x.example",
    "<",
    ">",
    "(",
    ")",
    ",",
    ";",
    ":",
    "\"",
    "\\",
    " ",
    ".",
    "mailto:",
    "[192.0.2.1]",
    "xn--",
    "b\u{fc}cher",
    "\u{202e}",
    "\u{200b}",
    "=?utf-8?Q?a=40x.example?=",
    "staff:",
    "'",
    "\t",
    "\u{3002}",
    "\u{ff20}",
    "\u{0}",
    "\r\n ",
];

pub(crate) const REPLY: &[&str] = &[
    "> ",
    ">",
    "\n",
    "\n\n",
    "On 1 Jan 2025 at 10:00, Jo <a@x.example> wrote:\n",
    "wrote:",
    "-- \n",
    "--\n",
    "From: a\n",
    "Sent: b\n",
    "To: c\n",
    "Subject: d\n",
    "-----Original Message-----\n",
    "Sent from my iPhone\n",
    "Am 03.03.2025 um 10:00 schrieb Jo:\n",
    "=== Write above ===",
    "= == Write",
    "/solve\n",
    "/status x\n",
    "```\n",
    "____\n",
    "Get Outlook for iOS\n",
    "This e-mail is confidential\n",
    "\u{f8f0}",
    "\u{f8f1}",
    "\u{f8f2}",
    "Hello",
    " ",
    "2025\u{5e74}3\u{6708}3\u{65e5} 10:00 ",
    "\u{5199}\u{9053}\u{ff1a}\n",
    "---------- Forwarded message ---------\n",
];

pub(crate) const HTML: &[&str] = &[
    "<p>",
    "</p>",
    "<b>",
    "</b>",
    "<table>",
    "</table>",
    "<tr>",
    "<td>",
    "<caption>",
    "<a href='https://x.example'>",
    "</a>",
    "<a href=java\tscript:x>",
    "<svg>",
    "</svg>",
    "<math>",
    "<mtext>",
    "<mglyph>",
    "<style>",
    "</style>",
    "<script>",
    "</script>",
    "<title>",
    "<noscript>",
    "<template>",
    "<select>",
    "<option>",
    "<form>",
    "<img src=cid:1 alt='",
    "<img src=x onerror=a>",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<!--[if mso]>",
    "&lt;",
    "&#60;",
    "&#0;",
    "&nbsp",
    "&colon;",
    "\"",
    "'",
    ">",
    "<",
    "=",
    "\u{0}",
    "\n",
    "<pre>\n",
    "</pre>",
    "<xmp>",
    "<plaintext>",
    "<ul><li>",
    "</ul>",
    "<blockquote type=cite>",
    "</blockquote>",
    "<font color=1>",
    "</font>",
    "<br/>",
    "</br>",
    "</p>",
    "<h1>",
    "</h2>",
    "<q cite=x>",
    "x\u{a0}y",
];

pub(crate) const REPLY_ADDRESS: &[&str] = &[
    "t-",
    "a-",
    "-",
    "@",
    ".",
    "n.",
    "0",
    "z",
    "A",
    " ",
    "@desk.example",
    "+x",
    "t-0000000-0000000000-00000000",
    "\u{212a}",
];

/// An input of pieces, or a kept one changed, or both.
pub(crate) fn input(pieces: &[&str], kept: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let mut input = Vec::new();
    if !kept.is_empty() && random.below(3) > 0 {
        input.clone_from(&kept[random.below(kept.len())]);
    } else {
        for _ in 0..random.below(40) {
            input.extend_from_slice(pieces[random.below(pieces.len())].as_bytes());
        }
    }
    for _ in 0..random.below(6) {
        mutate(&mut input, pieces, kept, random);
    }
    input.truncate(64 * 1024);
    input
}

fn mutate(input: &mut Vec<u8>, pieces: &[&str], kept: &[Vec<u8>], random: &mut Random) {
    let at = random.below(input.len() + 1);
    let end = at + random.below(input.len() - at + 1);
    match random.below(7) {
        0 if at < input.len() => input[at] ^= 1 << random.below(8),
        1 => drop(input.drain(at..end)),
        2 => {
            let copy = input[at..end].to_vec();
            input.splice(at..at, copy.repeat(1 + random.below(3)));
        }
        3 if !kept.is_empty() => {
            let other = &kept[random.below(kept.len())];
            let from = random.below(other.len() + 1);
            input.splice(at..end, other[from..].iter().copied());
        }
        4 => input.insert(at, random.next().to_le_bytes()[0]),
        _ => {
            let piece = pieces[random.below(pieces.len())].as_bytes();
            input.splice(at..at, piece.iter().copied());
        }
    }
}
