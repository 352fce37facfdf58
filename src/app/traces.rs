//! OpenTelemetry: spans go to the collector that the configuration names (OTLP over HTTP), and to nobody else.

use crate::config::Traces;
use crate::web::{Call, Web};
use anyhow::Context;
use axum::body::Bytes;
use axum::http::{Request, Response};
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_http::{HttpClient, HttpError};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider};
use std::fmt;
use tokio::runtime::Handle;

/// The exporter; spans that wait leave when it is dropped.
pub struct Exporter {
    provider: SdkTracerProvider,
}

impl Exporter {
    /// The way to the collector, where one is configured. `runtime` is where its calls are made.
    ///
    /// # Errors
    /// Where the collector's address can't be used.
    pub fn to(config: &Traces, runtime: &Handle) -> anyhow::Result<Option<Self>> {
        let Some(collector) = &config.collector else { return Ok(None) };
        let endpoint = format!("{}/v1/traces", collector.trim_end_matches('/'));
        let web = Web::to_configured()?;
        web.check(&endpoint).with_context(|| format!("traces.collector {collector} can't be used"))?;
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(Client { web, runtime: runtime.clone() })
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(endpoint)
            .build()
            .context("the exporter of traces can't be made")?;
        let resource = Resource::builder_empty()
            .with_service_name("qism")
            .with_attribute(opentelemetry::KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
            .build();
        let provider = SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build();
        Ok(Some(Self { provider }))
    }

    pub fn tracer(&self) -> SdkTracer {
        self.provider.tracer("qism")
    }
}

impl Drop for Exporter {
    fn drop(&mut self) {
        // A collector that is gone keeps nobody waiting for long, and nothing else depends on it.
        let _ = self.provider.shutdown();
    }
}

/// Makes the exporter's calls: it asks for them on a thread of its own, they are made in the server's runtime.
struct Client {
    web: Web,
    runtime: Handle,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Client")
    }
}

#[async_trait::async_trait]
impl HttpClient for Client {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let (parts, body) = request.into_parts();
        let (method, url, headers) = (parts.method, parts.uri.to_string(), parts.headers);
        let call = Call { method, url, headers, body: body.to_vec() };
        let web = self.web.clone();
        let answer = self.runtime.spawn(async move { web.send(call).await }).await??;
        let mut response = Response::new(answer.body);
        *response.status_mut() = answer.status;
        *response.headers_mut() = answer.headers;
        Ok(response)
    }
}
