//! S3 as far as raw mail uses it: one bucket, whole objects.

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;

use super::{Call, Reply};

#[derive(Debug, Default)]
pub(crate) struct Bucket {
    objects: BTreeMap<String, (Vec<u8>, u64)>,
}

impl Bucket {
    pub(crate) fn put(&mut self, key: &str, body: Vec<u8>, now: u64) {
        self.objects.insert(key.to_owned(), (body, now));
    }

    pub(crate) fn keys(&self) -> impl Iterator<Item = &String> {
        self.objects.keys()
    }

    pub(crate) fn holds(&self, key: &str) -> bool {
        self.objects.contains_key(key)
    }

    pub(crate) fn objects(&self) -> impl Iterator<Item = (&String, &[u8])> {
        let objects = self.objects.iter();
        objects.map(|(key, (body, _))| (key, body.as_slice()))
    }

    pub(crate) fn answer(&mut self, call: &Call, now: u64) -> Reply {
        let (path, query) = call.path.split_once('?').unwrap_or((&call.path, ""));
        let path = percent_decode_str(path.trim_start_matches('/'))
            .decode_utf8_lossy()
            .into_owned();
        let key = path.strip_prefix("mail/").unwrap_or(&path).to_owned();
        let copied = call.copied.as_ref();
        match (call.method.as_str(), call.operation.as_str(), copied) {
            ("GET", "GetObject", _) => self.get(&key),
            ("HEAD", "HeadObject", _) => {
                let mut reply = self.get(&key);
                reply.body.clear();
                reply
            }
            ("GET", "ListObjectsV2", _) => self.list(query),
            ("PUT", "CopyObject", Some(source)) => self.copy(source, key, now),
            ("PUT", "PutObject", None) => {
                let body = call.body.as_str().unwrap_or_default();
                self.put(&key, body.as_bytes().to_vec(), now);
                Reply {
                    status: 200,
                    headers: vec![("etag", "\"1\"".to_owned())],
                    body: Vec::new(),
                }
            }
            ("DELETE", "DeleteObject", _) => {
                self.objects.remove(&key);
                Reply {
                    status: 204,
                    headers: Vec::new(),
                    body: Vec::new(),
                }
            }
            _ => panic!(
                "a request of S3 that the simulation does not know: {} {}",
                call.method, call.path
            ),
        }
    }

    fn get(&self, key: &str) -> Reply {
        let Some((body, _)) = self.objects.get(key) else {
            return Reply::xml(404, "NoSuchKey");
        };
        let headers = vec![
            ("content-length", body.len().to_string()),
            ("etag", "\"1\"".to_owned()),
        ];
        Reply {
            status: 200,
            headers,
            body: body.clone(),
        }
    }

    fn copy(&mut self, source: &str, key: String, now: u64) -> Reply {
        let source = percent_decode_str(source.trim_start_matches('/')).decode_utf8_lossy();
        let source = source.strip_prefix("mail/").unwrap_or(&source);
        let Some((body, _)) = self.objects.get(source).cloned() else {
            return Reply::xml(404, "NoSuchKey");
        };
        self.objects.insert(key, (body, now));
        let body = "<CopyObjectResult><ETag>\"1\"</ETag></CopyObjectResult>";
        Reply {
            status: 200,
            headers: vec![("content-type", "application/xml".to_owned())],
            body: body.as_bytes().to_vec(),
        }
    }

    fn list(&self, query: &str) -> Reply {
        let pairs: BTreeMap<String, String> = form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
        for name in pairs.keys() {
            let known = [
                "list-type",
                "prefix",
                "max-keys",
                "continuation-token",
                "start-after",
                "x-id",
            ];
            assert!(
                known.contains(&name.as_str()),
                "a parameter of S3 that the simulation does not know: {name}"
            );
        }
        let prefix = pairs.get("prefix").map_or("", String::as_str);
        let most = pairs
            .get("max-keys")
            .and_then(|most| most.parse().ok())
            .unwrap_or(1000);
        let from = pairs
            .get("continuation-token")
            .or(pairs.get("start-after"))
            .map_or("", String::as_str);
        let mut all = self
            .objects
            .iter()
            .filter(|(key, _)| key.starts_with(prefix) && key.as_str() > from);
        let page: Vec<_> = all.by_ref().take(most).collect();
        let more = all.next().is_some();
        let contents: Vec<String> = page
            .iter()
            .map(|(key, (body, at))| entry(key, body, *at))
            .collect();
        let contents = contents.concat();
        let next = page
            .last()
            .filter(|_| more)
            .map(|(key, _)| format!("<NextContinuationToken>{key}</NextContinuationToken>"));
        let body = format!(
            "<ListBucketResult><Name>mail</Name><Prefix>{prefix}</Prefix><KeyCount>{}</KeyCount><IsTruncated>{more}</IsTruncated>{}{contents}</ListBucketResult>",
            page.len(),
            next.unwrap_or_default()
        );
        Reply {
            status: 200,
            headers: vec![("content-type", "application/xml".to_owned())],
            body: body.into_bytes(),
        }
    }
}

fn entry(key: &str, body: &[u8], at: u64) -> String {
    let at = crate::time::instant(at).strftime("%Y-%m-%dT%H:%M:%S.000Z");
    let bytes = body.len();
    format!(
        "<Contents><Key>{key}</Key><LastModified>{at}</LastModified><ETag>\"1\"</ETag><Size>{bytes}</Size></Contents>"
    )
}
