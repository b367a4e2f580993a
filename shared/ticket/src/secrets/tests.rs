//! What is masked and what is not, both as tables; and that masking is final and costs linear time.

use std::time::Instant;

use proptest::prelude::*;

use super::SecretKind::{AccessKey, Card, Password, PrivateKey, Token};
use super::*;

/// A text, what becomes of it, and the kinds that were found, each as often as it was.
type Row<'a> = (&'a str, &'a str, &'a [SecretKind]);

fn check(rows: &[Row<'_>]) {
    for (text, expected, kinds) in rows {
        let (masked, counts) = mask(text);
        assert_eq!(masked, *expected, "from {text:?}");
        let counted: Vec<SecretKind> = counts
            .iter()
            .flat_map(|it| std::iter::repeat_n(it.kind, it.count as usize))
            .collect();
        assert_eq!(counted, *kinds, "from {text:?}");
        assert_eq!(
            mask(&masked),
            (masked.clone(), Vec::new()),
            "again: {masked:?}"
        );
    }
}

#[test]
fn card_numbers_of_every_issuer_are_masked_but_for_their_last_four() {
    check(&[
        ("4111111111111111", "**** 1111", &[Card]),
        (
            "My card: 4111 1111 1111 1111, thanks",
            "My card: **** 1111, thanks",
            &[Card],
        ),
        (
            "4111-1111-1111-1111 12/27 123",
            "**** 1111 12/27 123",
            &[Card],
        ),
        ("(5555.5555.5555.4444)", "(**** 4444)", &[Card]),
        ("2223003122003222.", "**** 3222.", &[Card]),
        ("Amex 3782 822463 10005", "Amex **** 0005", &[Card]),
        ("378282246310005", "**** 0005", &[Card]),
        ("30569309025904", "**** 5904", &[Card]),
        ("6011 1111 1111 1117", "**** 1117", &[Card]),
        ("3530111333300000", "**** 0000", &[Card]),
        ("6200000000000005", "**** 0005", &[Card]),
        ("4222222222222", "**** 2222", &[Card]),
        (
            "> 4111 1111 1111 1111\n> 5555 5555 5555 4444",
            "> **** 1111\n> **** 4444",
            &[Card, Card],
        ),
        (
            "order 77 4111 1111 1111 1111 77",
            "order 77 **** 1111 77",
            &[Card],
        ),
        ("4111 1111\n1111 1111", "**** 1111", &[Card]),
        ("4111\u{a0}1111\u{a0}1111\u{a0}1111", "**** 1111", &[Card]),
        ("4111 - 1111 - 1111 - 1111", "**** 1111", &[Card]),
        ("\u{ff14}111111111111111", "**** 1111", &[Card]),
        (
            "Bestellung mit Karte 4111111111111111",
            "Bestellung mit Karte **** 1111",
            &[Card],
        ),
        (
            "a@b.example,4111111111111111",
            "a@b.example,**** 1111",
            &[Card],
        ),
    ]);
}

#[test]
fn numbers_that_are_no_cards_stay() {
    for text in [
        // Wrong check digit, wrong length, no issuer.
        "4111111111111112",
        "4111 1111 1111 111",
        "411111111111111111111",
        "1234567812345670",
        "0000 0000 0000 0000",
        // Telephone numbers, also with digits that would fit.
        "+49 151 23456789",
        "+4111111111111111",
        "Tel. 0049 30 1234567",
        "028 3822 1234 / 0903 123 456",
        // Accounts: the groups of the second pass for a Visa card's.
        "IBAN DE89 3704 0044 0532 0130 00",
        "GB82 WEST 1234 5698 7654 32",
        "FR14 2004 1010 0505 0001 3M02 606",
        // Numbers that say what they are.
        "Order number: 4111111111111111",
        "Bestellnummer 4111 1111 1111 1111",
        "Sendungsnummer: 5555555555554444",
        "tracking no. 4111111111111111",
        "Mã đơn hàng: 4111111111111111",
        "IMEI 490154203237518",
        // Tracking and ticket numbers, ids, times, amounts, versions.
        "1Z999AA10123456784",
        "00340434161094042557",
        "9400 1112 0255 5835 2863 23",
        "RE-4111111111111111",
        "EH-7K3Q-9M2X",
        "a4111111111111111",
        "550e8400-e29b-41d4-a716-446655440000",
        "1700000000000",
        "2026-11-23 08:30:15.123456",
        "1.234.567,89 EUR",
        "3.14159265358979323846",
        "2019 2020 2021 2022",
        "192.168.100.200",
        "KB5034441, build 22621.3007",
        "ISBN 978-3-16-148410-0",
        "7350053850019",
    ] {
        assert_eq!(mask(text), (text.to_owned(), Vec::new()));
    }
}

#[test]
fn private_keys_are_masked_whole_quoted_or_cut_off() {
    let key = "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEAu1SU1LfVLPHCozMxH2Mo4lgOEePzNm0tRgeLezV6ffAt0gun\nVTLw7onLRnrq0IzW7yWR7QkrmBL7jTKEn5u+qKhbwKfBstIs+bMY2Zkp18gnTxKL\n-----END RSA PRIVATE KEY-----";
    let quoted: Vec<String> = key.lines().map(|line| format!("> {line}")).collect();
    let cut = &key[..key.len() - 60];
    let public = key.replace("RSA PRIVATE", "PUBLIC");
    check(&[
        (
            &format!("Here:\n{key}\nBye"),
            "Here:\n[****]\nBye",
            &[PrivateKey],
        ),
        (&quoted.join("\n"), "> [****]", &[PrivateKey]),
        (
            &format!("{cut}\n\nI hope this helps you."),
            "[****]\n\nI hope this helps you.",
            &[PrivateKey],
        ),
        (
            &format!("{key}{key}"),
            "[****][****]",
            &[PrivateKey, PrivateKey],
        ),
        (
            "-----BEGIN PRIVATE KEY----- MIIEvQIBADANBgkqhkiG9w0BAQEFAASC -----END PRIVATE KEY-----",
            "[****]",
            &[PrivateKey],
        ),
        (&public, &public, &[]),
        ("-----BEGIN", "-----BEGIN", &[]),
    ]);
}

#[test]
fn keys_and_tokens_are_known_by_how_their_issuers_write_them() {
    // Written in two pieces, so that nobody's scanner takes these lines for leaked keys.
    let github = format!("ghp_{}", "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8");
    let stripe = format!("sk_live_{}", "4eC39HqLyjWDarjtT1zdp7dc");
    let slack = format!("xoxb-{}", "123456789012-1234567890123-AbCdEfGhIjKl");
    let aws = format!("AKIA{}", "IOSFODNN7EXAMPLE");
    let web = format!(
        "eyJhbGciOiJIUzI1NiJ9.{}.{}",
        "eyJzdWIiOiIxMjM0NTY3ODkwIn0", "dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P"
    );
    check(&[
        (&format!("key {github}."), "key [****].", &[AccessKey]),
        (&format!("key={stripe}&x"), "key=[****]&x", &[AccessKey]),
        (&slack, "[****]", &[AccessKey]),
        (&format!("({aws})"), "([****])", &[AccessKey]),
        (&web, "[****]", &[Token]),
        (
            &format!("Authorization: Bearer {web}"),
            "Authorization: Bearer [****]",
            &[Token],
        ),
        (
            "authorization: bearer 4f9c2b7e8d1a6035",
            "authorization: bearer [****]",
            &[Token],
        ),
        ("Basic dXNlcjpwYXNzd29yZDEyMw==", "Basic [****]", &[Token]),
        (
            "Basic information about my account",
            "Basic information about my account",
            &[],
        ),
        ("bearer of good news", "bearer of good news", &[]),
        (
            "the prefix is ghp_ or AKIA",
            "the prefix is ghp_ or AKIA",
            &[],
        ),
        (
            "sk-learn, risk-assessment, AKIANA",
            "sk-learn, risk-assessment, AKIANA",
            &[],
        ),
        ("eyJ is how they begin", "eyJ is how they begin", &[]),
    ]);
}

#[test]
fn passwords_are_masked_where_a_word_announces_them() {
    check(&[
        ("password: hunter2", "password: [****]", &[Password]),
        ("Password = hunter", "Password = [****]", &[Password]),
        ("Passwort: Sommer2026!", "Passwort: [****]", &[Password]),
        ("mật khẩu: abc123", "mật khẩu: [****]", &[Password]),
        (
            "ma\u{302}\u{323}t kha\u{302}\u{309}u mới là abc123 nhé",
            "ma\u{302}\u{323}t kha\u{302}\u{309}u mới là [****] nhé",
            &[Password],
        ),
        (
            "mat khau cua toi: qwerty",
            "mat khau cua toi: [****]",
            &[Password],
        ),
        (
            "Mein Kennwort lautet Blume7 und geht nicht",
            "Mein Kennwort lautet [****] und geht nicht",
            &[Password],
        ),
        (
            "my password is hunter2, please help",
            "my password is [****], please help",
            &[Password],
        ),
        ("user: joe\npw: joe1", "user: joe\npw: [****]", &[Password]),
        (
            "{\"password\": \"two words\"}",
            "{\"password\": \"[****]\"}",
            &[Password],
        ),
        (
            "Passwort (WLAN): geheim",
            "Passwort (WLAN): [****]",
            &[Password],
        ),
        ("Password:\nhunter2", "Password:\n[****]", &[Password]),
        (
            "> **Password:** hunter2",
            "> **Password:** [****]",
            &[Password],
        ),
        (
            "mot de passe : secret",
            "mot de passe : [****]",
            &[Password],
        ),
        ("пароль: тайна", "пароль: [****]", &[Password]),
        ("密码：abc123", "密码：[****]", &[Password]),
        ("CVV: 123", "CVV: [****]", &[Password]),
        ("api_key=0123456789abcdef", "api_key=[****]", &[Password]),
        (
            "https://joe:hunter2@host.example/x",
            "https://joe:[****]@host.example/x",
            &[Password],
        ),
        (
            "password: 4111 1111 1111 1111",
            "password: **** 1111",
            &[Card],
        ),
    ]);
}

#[test]
fn sentences_about_passwords_stay() {
    for text in [
        "I forgot my password.",
        "Password: I forgot it, please send a new one",
        "My password is wrong",
        "Passwort ist falsch",
        "mật khẩu là gì?",
        "Problem with my password: it does not work",
        "password reset: how does it work?",
        "Passwort zurücksetzen: wie geht das?",
        "Password: https://desk.example/reset",
        "password: ********",
        "Token: what is it?",
        "The secret: good tea",
        "cvv: wrong",
        "Kennwortänderung: siehe unten",
        "https://host.example:8080/a@b",
        "Mật khẩu của tôi bị khoá",
    ] {
        assert_eq!(mask(text), (text.to_owned(), Vec::new()));
    }
}

fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("4111 1111 1111 1111".to_owned()),
        Just("password".to_owned()),
        Just("mật khẩu là ".to_owned()),
        Just(": ".to_owned()),
        Just(" is ".to_owned()),
        Just("-----BEGIN PRIVATE KEY-----\n".to_owned()),
        Just("-----END PRIVATE KEY-----".to_owned()),
        Just("eyJhbGciOiJIUzI1NiJ9.".to_owned()),
        Just("Bearer ".to_owned()),
        Just("https://a:".to_owned()),
        Just("@".to_owned()),
        Just("\n".to_owned()),
        "[0-9 -]{1,20}",
        "[A-Za-z0-9_.=/+-]{1,40}",
        "\\PC{0,8}",
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn masking_is_final(text in pieces()) {
        let (once, _) = mask(&text);
        let (twice, found) = mask(&once);
        prop_assert_eq!(&once, &twice);
        prop_assert!(found.is_empty(), "{:?} in {:?}", found, once);
    }
}

#[test]
fn twice_the_text_takes_twice_the_time() {
    for unit in [
        "1 ",
        "4111 ",
        "4111111111111111 ",
        "eyJ.",
        "eyJaaaaaaaaaa.",
        "-----BEGIN PRIVATE KEY-----",
        "-----BEGIN ",
        "password: ",
        "password is password is ",
        "bearer ",
        "a:b@",
        "//a:",
        "DE89 3704 ",
        "sk-",
        "\"password\": \"",
        "\n",
        "ậ",
        "pw(",
        "pw\n",
    ] {
        let time = |bytes: usize| {
            let text = unit.repeat(bytes / unit.len());
            let began = Instant::now();
            let _ = mask(&text);
            began.elapsed().as_secs_f64()
        };
        // Other work on the machine lengthens a measurement and never shortens it; what is quadratic takes sixteen
        // times as long.
        let best = |bytes| (0..10).map(|_| time(bytes)).fold(f64::MAX, f64::min);
        let (short, long) = (best(20_000), best(80_000));
        assert!(long < short * 10.0, "{unit:?}: {short} s, then {long} s");
    }
}
