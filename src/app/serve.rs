//! `qism serve`: opens everything in order, serves until it is told to stop, and closes everything in reverse.

use super::clock::SystemClock;
use super::connections::{CONNECTIONS_MAX, Gate, raise_descriptor_limit};
use super::demo::{Demo, DemoCountry};
use super::files::create_private_folder;
use super::{machine, providers, retention, say, sums, tls};
use crate::auth::Auth;
use crate::board::{Board, BoardOptions};
use crate::config::{self, Config, Mail, MailEncryption};
use crate::http::{AppState, HttpOptions, SecondFactor, router};
use crate::insight::Insight;
use crate::net::{MediaPlane, MediaPlaneOptions};
use crate::notify::{MailOptions, Mailer, Notifier, Security};
use crate::rooms::Rooms;
use crate::store::{MaterialFolder, Store};
use crate::time::Clock;
use crate::web::Web;
use anyhow::Context;
use axum::Router;
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use hyper_util::rt::TokioTimer;
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// How long a stop waits for the rooms' last events to be durable.
const ROOMS_STOP_TIMEOUT: Duration = Duration::from_secs(10);

/// How long it then waits for answers that are under way.
const HTTP_STOP_TIMEOUT: Duration = Duration::from_secs(5);

/// How long a client may take over a request's head, or be silent between two requests.
const HEADER_TIMEOUT: Duration = Duration::from_secs(30);

type Handle = axum_server::Handle<SocketAddr>;

/// What a demo is to be.
#[derive(Clone, Copy, Debug)]
pub struct DemoWish {
    /// How many lessons are on air.
    pub lessons: u16,
    /// Whether there is a country around the school.
    pub country: bool,
}

/// Serves until SIGTERM or SIGINT; with a demo, where it is to be one.
///
/// # Errors
/// Why it could not start, or had to stop; the text says what to do.
pub async fn serve(config: Config, wish: Option<DemoWish>) -> anyhow::Result<()> {
    raise_descriptor_limit();
    let mut signals = Signals::listen()?;
    let data_dir = &config.server.data_dir;
    create_private_folder(data_dir).with_context(|| {
        format!("the data folder {} can't be made; name another with --data-dir", data_dir.display())
    })?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let store = Store::open(&config.store_url()).await?;
    // Before the school: it is written into an empty store.
    let country = match wish.filter(|wish| wish.country) {
        Some(_) => Some(DemoCountry::prepare(&store, clock.now()).await?),
        None => None,
    };
    let demo = match wish {
        Some(wish) => Some(Demo::prepare(&store, data_dir, wish.lessons, clock.now()).await?),
        None => None,
    };
    let tls = tls::prepare(&config, clock.now())?.map(RustlsConfig::from_config);
    let listener = listen(config.server.listen)?;
    let address = listener.local_addr()?;
    let base_url = machine::base_url(&config, address);

    let insight = Insight::default();
    let auth = Auth::new(store.clone(), clock.clone());
    auth.serve_providers(providers::of(&config.sign_in)?, &base_url)?;
    let (media, events) = MediaPlane::start(MediaPlaneOptions {
        listen: config.media_listen(),
        public_addresses: config.media.public_addresses.clone(),
        shards: config.media.shards,
        room_peers_per_shard: config.media.room_peers_per_shard,
    })?;
    let media_address = media.local_address();
    let mailer = mailer(&config.mail)?;
    let board_options =
        BoardOptions { simulated: country.is_some(), mail: mailer.is_some(), base_url: base_url.clone() };
    let board = Board::start(store.clone(), clock.clone(), board_options);
    if let Some(country) = country {
        country.run(board.clone(), clock.clone());
    }
    let rooms =
        Rooms::new(store.clone(), auth.clone(), Arc::new(media), events, clock.clone(), insight.clone(), board.clone());
    rooms.reopen(store.lessons_on_air().await?).await.context("the rooms on air can't be opened again")?;
    rooms.settle_ended().await.context("the lessons that ended last can't be looked for")?;
    let looked_after = rooms.clone();
    tokio::spawn(async move { looked_after.look_after_overdue().await });
    let counting = sums::keep(store.clone(), clock.clone());
    let keeping = tokio::spawn(retention::keep_to_it(store.clone(), clock.clone()));

    let web = Web::to_strangers(&config.webhooks.allow)?;
    let materials = MaterialFolder {
        root: data_dir.join("materials"),
        quota: config.server.materials_mb.saturating_mul(1024 * 1024),
    };
    let options = Arc::new(HttpOptions {
        base_url: Some(base_url.clone()),
        secure: config.is_secure(),
        mail: mailer.is_some(),
        trusted_proxies: config.server.trusted_proxies.iter().map(IpAddr::to_canonical).collect(),
        metrics_for: config.server.metrics_for.iter().map(IpAddr::to_canonical).collect(),
        // Who tries the demo signs in as anybody, without a telephone.
        second_factor: match config.sign_in.second_factor {
            config::SecondFactor::Required if demo.is_none() => SecondFactor::Required,
            _ => SecondFactor::Offered,
        },
        materials: Some(materials),
    });
    let first_start = if demo.is_none() { auth.offer_first_start().await? } else { None };
    let _notifier = Notifier::start(store.clone(), clock.clone(), mailer, web.clone(), base_url.clone());

    let state = AppState {
        store: store.clone(),
        auth,
        rooms: rooms.clone(),
        board: board.clone(),
        clock,
        insight,
        web,
        options,
    };
    let handle = Handle::new();
    let mut server = tokio::spawn(accept(listener, tls.clone(), router(state), handle.clone()));
    handle.listening().await;
    tracing::info!(%address, media = %media_address, %base_url, "serving");
    if let Some(secret) = first_start {
        // The secret stands in the fragment, which browsers send to nobody.
        say(&format!(
            "It has no administrator yet. Open this link, once, to make the first:\n  {base_url}/setup#{secret}"
        ));
    }
    match &demo {
        Some(demo) => say(&demo.announce(&store, &base_url).await?),
        None => say(&format!("Qism is ready at {base_url}")),
    }

    tokio::select! {
        ended = &mut server => return ended?.context("the HTTP server ended"),
        () = signals.told_to_stop(&config, tls.as_ref()) => {}
    }
    counting.abort();
    keeping.abort();
    board.stop();
    stop(&rooms, &handle, server).await?;
    store.close().await;
    tracing::info!("stopped");
    Ok(())
}

/// The way to the mail server, where one is configured.
fn mailer(config: &Mail) -> anyhow::Result<Option<Mailer>> {
    let (Some(host), Some(from)) = (&config.host, &config.from) else { return Ok(None) };
    let security = match config.encryption {
        MailEncryption::StartTls => Security::StartTls,
        MailEncryption::Tls => Security::Tls,
        MailEncryption::None => Security::None,
    };
    let password = config.password.as_ref().map(|password| password.0.clone()).unwrap_or_default();
    let credentials = config.user.clone().map(|user| (user, password));
    let options = MailOptions { host: host.clone(), port: config.port, security, credentials, from: from.clone() };
    Ok(Some(Mailer::new(&options)?))
}

fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    let listener = TcpListener::bind(address).with_context(|| {
        format!("{address} can't be listened on; stop what uses it, or choose another with --listen or server.listen")
    })?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

async fn accept(
    listener: TcpListener,
    tls: Option<RustlsConfig>,
    router: Router,
    handle: Handle,
) -> anyhow::Result<()> {
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let mut server = axum_server::from_tcp(listener)?.handle(handle).acceptor(Gate::new(CONNECTIONS_MAX));
    server.http_builder().http1().timer(TokioTimer::new()).header_read_timeout(HEADER_TIMEOUT);
    match tls {
        Some(tls) => server.map(|plain| RustlsAcceptor::new(tls).acceptor(plain)).serve(service).await?,
        None => server.serve(service).await?,
    }
    Ok(())
}

/// What an operator says to the process. Made before anything is announced, so that no signal ends it unheard.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hang_up: Signal,
}

impl Signals {
    fn listen() -> std::io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hang_up: signal(SignalKind::hangup())?,
        })
    }

    /// Waits for SIGTERM or SIGINT. SIGHUP reads the certificate again, for those who renew it.
    async fn told_to_stop(&mut self, config: &Config, tls: Option<&RustlsConfig>) {
        loop {
            tokio::select! {
                _ = self.terminate.recv() => return,
                _ = self.interrupt.recv() => return,
                _ = self.hang_up.recv() => reload(config, tls),
            }
        }
    }
}

fn reload(config: &Config, tls: Option<&RustlsConfig>) {
    let (Some(running), Some(files)) = (tls, tls::files(config)) else { return };
    match tls::load(&files) {
        Ok(fresh) => {
            running.reload_from_config(fresh);
            tracing::info!("the certificate was read again");
        }
        Err(error) => tracing::error!(error = format!("{error:#}"), "the certificate stays the one before"),
    }
}

/// Rooms first: they tell everybody, and what happened becomes durable; then the connections.
async fn stop(
    rooms: &Rooms,
    handle: &Handle,
    server: tokio::task::JoinHandle<anyhow::Result<()>>,
) -> anyhow::Result<()> {
    tracing::info!("stopping");
    if tokio::time::timeout(ROOMS_STOP_TIMEOUT, rooms.stop()).await.is_err() {
        tracing::error!(seconds = ROOMS_STOP_TIMEOUT.as_secs(), "some rooms did not end in time");
    }
    handle.graceful_shutdown(Some(HTTP_STOP_TIMEOUT));
    server.await?
}
