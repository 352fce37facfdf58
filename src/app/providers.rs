//! The sign-in providers of the configuration, with their secrets.

use crate::auth::{ProviderOptions, SigningAlgorithm};
use crate::config::{OidcAlgorithm, OidcProvider, SignIn};
use anyhow::Context;

/// All of them.
///
/// # Errors
/// Where a secret's file can't be read.
pub fn of(config: &SignIn) -> anyhow::Result<Vec<ProviderOptions>> {
    config.oidc.iter().map(provider).collect()
}

fn provider(config: &OidcProvider) -> anyhow::Result<ProviderOptions> {
    let client_secret = match (&config.client_secret_file, &config.client_secret) {
        (Some(path), _) => {
            let secret = std::fs::read_to_string(path)
                .with_context(|| format!("client_secret_file {} can't be read", path.display()))?;
            Some(secret.trim().to_owned())
        }
        (None, secret) => secret.as_ref().map(|secret| secret.0.clone()),
    };
    let creates = config.create.and(config.institution.as_deref());
    Ok(ProviderOptions {
        name: config.name.clone(),
        label: config.label.clone().unwrap_or_else(|| config.name.clone()),
        issuer: config.issuer.clone(),
        client_id: config.client_id.clone(),
        client_secret,
        algorithm: match config.algorithm {
            OidcAlgorithm::Rs256 => SigningAlgorithm::Rs256,
            OidcAlgorithm::Ps256 => SigningAlgorithm::Ps256,
            OidcAlgorithm::Es256 => SigningAlgorithm::Es256,
            OidcAlgorithm::EdDsa => SigningAlgorithm::EdDsa,
        },
        gives_second_factor: config.gives_second_factor,
        creates_trainees_at: creates.and_then(|id| id.parse().ok()),
    })
}
