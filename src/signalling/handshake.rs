//! The WebSocket's opening handshake (RFC 6455 §4.2), and the socket that it leaves.
//!
//! axum's own would do but for one thing: it hands out whole messages only, and a connection keeps a buffer as large
//! as the largest it ever sent; see [`super::socket`].

use super::socket::Socket;
use axum::body::Body;
use axum::extract::OptionalFromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use std::convert::Infallible;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

/// A socket that a client opened over HTTP.
pub(super) type OpenSocket = Socket<TokioIo<Upgraded>>;

/// A request for a WebSocket that can be granted.
pub struct Upgrade {
    key: HeaderValue,
    headers: HeaderMap,
    stream: OnUpgrade,
}

impl<S: Sync> OptionalFromRequestParts<S> for Upgrade {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Infallible> {
        let headers = &parts.headers;
        let asks = names(headers, &header::CONNECTION, "upgrade") && names(headers, &header::UPGRADE, "websocket");
        if !asks || !names(headers, &header::SEC_WEBSOCKET_VERSION, "13") {
            return Ok(None);
        }
        let (key, headers) = (headers.get(header::SEC_WEBSOCKET_KEY).cloned(), headers.clone());
        let stream = parts.extensions.remove::<OnUpgrade>();
        Ok(key.zip(stream).map(|(key, stream)| Self { key, headers, stream }))
    }
}

impl Upgrade {
    /// Whether the client offers this subprotocol.
    pub(super) fn speaks(&self, subprotocol: &str) -> bool {
        names(&self.headers, &header::SEC_WEBSOCKET_PROTOCOL, subprotocol)
    }

    /// The answer that opens the WebSocket; `serve` gets it once the answer is out.
    pub(super) fn accept<F>(
        self,
        subprotocol: &'static str,
        serve: impl FnOnce(OpenSocket) -> F + Send + 'static,
    ) -> Response
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let Self { key, headers: _, stream } = self;
        tokio::spawn(async move {
            // Where the client is gone before the answer is out, there is nobody to serve.
            if let Ok(upgraded) = stream.await {
                serve(Socket::open(TokioIo::new(upgraded)).await).await;
            }
        });
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
        let headers = response.headers_mut();
        headers.insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
        headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
        headers.insert(header::SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(subprotocol));
        // Base64 is always a header's value.
        if let Ok(accept) = HeaderValue::from_str(&derive_accept_key(key.as_bytes())) {
            headers.insert(header::SEC_WEBSOCKET_ACCEPT, accept);
        }
        response
    }
}

/// Whether a header that is a list has this word in it, in whatever case.
fn names(headers: &HeaderMap, header: &HeaderName, word: &str) -> bool {
    let values = headers.get_all(header).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|named| named.trim().eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_of_a_list_is_found_and_its_neighbours_are_not() {
        let mut headers = HeaderMap::new();
        headers.append(header::CONNECTION, HeaderValue::from_static("keep-alive, Upgrade"));
        headers.append(header::CONNECTION, HeaderValue::from_static("te"));
        assert!(names(&headers, &header::CONNECTION, "upgrade"));
        assert!(names(&headers, &header::CONNECTION, "te"));
        assert!(!names(&headers, &header::CONNECTION, "alive"));
        assert!(!names(&headers, &header::UPGRADE, "websocket"));
    }
}
