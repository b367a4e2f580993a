//! When a level of a ladder is told, in words.

use policy::{Lang, Point};

/// `75%`, `when due`, `30 min after`; the policy's own notation is English.
pub(in crate::notices) fn point_text(point: Point, lang: &Lang) -> String {
    let explain = &super::of(lang).explain;
    let length = |seconds: i64| (explain.length)(seconds / 3_600, seconds / 60 % 60, seconds % 60);
    let [due, before, after] = match lang.as_str() {
        "de" => ["bei Fälligkeit", "vorher", "danach"],
        "vi" => ["khi đến hạn", "trước hạn", "sau hạn"],
        _ => ["when due", "before", "after"],
    };
    match point {
        Point::DUE => due.to_owned(),
        Point::Share(per_mille) if lang.as_str() == "de" => format!("{} %", per_mille / 10),
        Point::Share(per_mille) => format!("{}%", per_mille / 10),
        Point::Before(seconds) => format!("{} {before}", length(seconds)),
        Point::After(seconds) => format!("{} {after}", length(seconds)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_said_in_the_language_of_the_reader() {
        for (point, said) in [
            ("due", ["when due", "bei Fälligkeit", "khi đến hạn"]),
            ("75%", ["75%", "75 %", "75%"]),
            (
                "30 minutes before",
                ["30 min before", "30 Min. vorher", "30 phút trước hạn"],
            ),
            (
                "2 hours after",
                ["2 h after", "2 Std. danach", "2 giờ sau hạn"],
            ),
        ] {
            let point = point.parse().unwrap();
            let langs = ["en", "de", "vi"].map(|lang| Lang::new(lang).unwrap());
            assert_eq!(langs.map(|lang| point_text(point, &lang)), said);
        }
    }
}
