//! Which route takes a request: the most specific one, as API Gateway chooses.

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;

use crate::template::Route;

/// Path parameters, decoded.
pub(super) type Parameters = BTreeMap<String, String>;

/// The route for a request and its path parameters.
pub(super) fn find<'r>(
    routes: &'r [Route],
    method: &str,
    path: &str,
) -> Option<(&'r Route, Parameters)> {
    routes
        .iter()
        .filter(|route| route.method == "ANY" || route.method == method)
        .filter_map(|route| {
            let (score, parameters) = matches(&route.path, path)?;
            Some((score, route.method != "ANY", route, parameters))
        })
        .max_by(|a, b| (&a.0, a.1).cmp(&(&b.0, b.1)))
        .map(|(_, _, route, parameters)| (route, parameters))
}

/// Segment by segment: literal beats parameter beats greedy; `$default` takes what is left.
fn matches(pattern: &str, path: &str) -> Option<(Vec<u8>, Parameters)> {
    if pattern == "$default" {
        return Some((Vec::new(), Parameters::new()));
    }
    let (mut score, mut parameters) = (Vec::new(), Parameters::new());
    let mut wanted = pattern.trim_start_matches('/').split('/');
    let mut given = path.trim_start_matches('/').split('/');
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return Some((score, parameters)),
            (Some(want), Some(have)) => {
                let name = want.strip_prefix('{').and_then(|n| n.strip_suffix('}'));
                match name {
                    Some(name) if name.ends_with('+') => {
                        let mut rest = vec![have];
                        rest.extend(given);
                        parameters.insert(
                            name.trim_end_matches('+').to_owned(),
                            decode(&rest.join("/")),
                        );
                        score.push(1);
                        return Some((score, parameters));
                    }
                    Some(name) if !have.is_empty() => {
                        parameters.insert(name.to_owned(), decode(have));
                        score.push(2);
                    }
                    None if want == have => score.push(3),
                    _ => return None,
                }
            }
            _ => return None,
        }
    }
}

fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn routes() -> Vec<Route> {
        [
            ("GET", "/"),
            ("GET", "/tickets/{number}"),
            ("GET", "/tickets/new"),
            ("POST", "/tickets"),
            ("ANY", "/files/{path+}"),
        ]
        .map(|(method, path)| Route {
            method: method.into(),
            path: path.into(),
            function: "F".into(),
        })
        .into()
    }

    fn found(method: &str, path: &str) -> Option<String> {
        find(&routes(), method, path).map(|(route, _)| route.key())
    }

    #[test]
    fn the_most_specific_route_wins_and_methods_must_match() {
        for (method, path, expected) in [
            ("GET", "/", Some("GET /")),
            ("GET", "/tickets/new", Some("GET /tickets/new")),
            ("GET", "/tickets/EH-1", Some("GET /tickets/{number}")),
            ("DELETE", "/files/a/b", Some("ANY /files/{path+}")),
            ("GET", "/tickets", None),
            ("HEAD", "/", None),
            ("GET", "/tickets/", None),
            ("GET", "/tickets/a/b", None),
        ] {
            assert_eq!(found(method, path).as_deref(), expected, "{method} {path}");
        }
    }

    #[test]
    fn path_parameters_are_decoded() {
        let routes = routes();
        let (_, parameters) = find(&routes, "GET", "/tickets/EH%2D1").unwrap();
        assert_eq!(parameters["number"], "EH-1");
        let (_, parameters) = find(&routes, "PUT", "/files/a/b%20c").unwrap();
        assert_eq!(parameters["path"], "a/b c");
    }
}
