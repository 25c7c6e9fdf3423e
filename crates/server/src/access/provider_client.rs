//! An identity provider (OpenID Connect): found by its issuer, asked with our own client.

use std::sync::Arc;
use std::time::{Duration, Instant};

use openidconnect::core::{CoreAuthenticationFlow, CoreClient, CoreProviderMetadata};
use openidconnect::{
    AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointMaybeSet, EndpointNotSet,
    EndpointSet, HttpRequest, HttpResponse, IssuerUrl, Nonce, PkceCodeChallenge, PkceCodeVerifier,
    RedirectUrl,
};
use tokio::sync::Mutex;

use crate::config::Config;

/// A provider must answer within this time, in seconds.
const WAIT_S: u64 = 10;
/// An answer of a provider, in bytes, at most.
const ANSWER_BYTES: usize = 1 << 20;
/// What the provider says of itself, its keys too, is asked for again after this long, in seconds.
const FRESH_S: u64 = 300;

type FoundClient = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// Where members may sign in beside the password, as the settings say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderSettings {
    /// The issuer's address.
    pub issuer: String,
    /// Our name there.
    pub client: String,
    /// Our secret there, where it gave us one.
    pub secret: Option<String>,
    /// What members call it.
    pub name: String,
}

/// Why a sign-in at the provider failed.
#[derive(Debug, thiserror::Error)]
pub enum ProviderFault {
    /// It does not answer, or not as it should.
    #[error("the provider does not answer as it should: {0}")]
    Unreachable(String),
    /// Its answer does not prove what it says.
    #[error("the provider's answer proves nothing: {0}")]
    Unproven(String),
}

/// What must be remembered until the visitor comes back.
#[derive(Debug)]
pub struct Departure {
    /// The address to send the visitor to.
    pub address: String,
    /// What the answer must repeat.
    pub nonce: String,
    /// What only we know of the challenge sent along.
    pub verifier: String,
}

/// Asks a provider over HTTP.
#[derive(Debug, thiserror::Error)]
enum CallFault {
    #[error("{0}")]
    Http(#[from] reqwest::Error),
    #[error("the answer has more than {ANSWER_BYTES} bytes")]
    TooLong,
    #[error("{0}")]
    Form(#[from] axum::http::Error),
}

/// The provider.
pub struct Provider {
    settings: ProviderSettings,
    http: reqwest::Client,
    found: Mutex<Option<(Instant, Arc<FoundClient>)>>,
}

impl Provider {
    /// With these settings; nothing is asked yet.
    pub fn new(settings: ProviderSettings) -> Result<Self, reqwest::Error> {
        let http = reqwest::Client::builder()
            // A redirect could lead our secret anywhere.
            .redirect(reqwest::redirect::Policy::none())
            .timeout(Duration::from_secs(WAIT_S))
            .build()?;
        Ok(Self {
            settings,
            http,
            found: Mutex::new(None),
        })
    }

    /// The one the settings name, if they name one.
    pub fn of(config: &Config) -> Result<Option<Arc<Self>>, reqwest::Error> {
        let settings = config.identity.provider.clone();
        Ok(settings.map(Self::new).transpose()?.map(Arc::new))
    }

    /// What members call it.
    pub fn name(&self) -> &str {
        &self.settings.name
    }

    /// Its issuer, under which accounts there are kept.
    pub fn issuer(&self) -> &str {
        &self.settings.issuer
    }

    /// The way to the provider's sign-in; it sends the visitor back to `back` with `state`.
    pub async fn depart(&self, back: &str, state: &str) -> Result<Departure, ProviderFault> {
        let client = self.found().await?;
        let client = (*client).clone().set_redirect_uri(redirect(back)?);
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let state = state.to_owned();
        let (address, _, nonce) = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                move || CsrfToken::new(state),
                Nonce::new_random,
            )
            .set_pkce_challenge(challenge)
            .url();
        Ok(Departure {
            address: address.to_string(),
            nonce: nonce.secret().clone(),
            verifier: verifier.into_secret(),
        })
    }

    /// Whose account at the provider `code` proves: its subject there.
    pub async fn arrive(
        &self,
        back: &str,
        code: String,
        nonce: String,
        verifier: String,
    ) -> Result<String, ProviderFault> {
        let client = self.found().await?;
        let client = (*client).clone().set_redirect_uri(redirect(back)?);
        let http = |request| call(self.http.clone(), request);
        let tokens = client
            .exchange_code(AuthorizationCode::new(code))
            .map_err(|error| ProviderFault::Unreachable(error.to_string()))?
            .set_pkce_verifier(PkceCodeVerifier::new(verifier))
            .request_async(&http)
            .await
            .map_err(|error| ProviderFault::Unproven(error.to_string()))?;
        let token = tokens.extra_fields().id_token();
        let token = token.ok_or_else(|| ProviderFault::Unproven("no identity came".into()))?;
        // Signature, issuer, audience, time and nonce.
        let claims = token
            .claims(&client.id_token_verifier(), &Nonce::new(nonce))
            .map_err(|error| ProviderFault::Unproven(error.to_string()))?;
        Ok(claims.subject().as_str().to_owned())
    }

    async fn found(&self) -> Result<Arc<FoundClient>, ProviderFault> {
        let mut found = self.found.lock().await;
        if let Some((at, client)) = found.as_ref()
            && at.elapsed() < Duration::from_secs(FRESH_S)
        {
            return Ok(Arc::clone(client));
        }
        let unreachable = |error: &dyn std::error::Error| {
            let cause = error.source().map(ToString::to_string).unwrap_or_default();
            ProviderFault::Unreachable(format!("{error} {cause}"))
        };
        let issuer =
            IssuerUrl::new(self.settings.issuer.clone()).map_err(|error| unreachable(&error))?;
        let http = |request| call(self.http.clone(), request);
        let metadata = CoreProviderMetadata::discover_async(issuer, &http)
            .await
            .map_err(|error| unreachable(&error))?;
        let client = CoreClient::from_provider_metadata(
            metadata,
            ClientId::new(self.settings.client.clone()),
            self.settings.secret.clone().map(ClientSecret::new),
        );
        let client = Arc::new(client);
        *found = Some((Instant::now(), Arc::clone(&client)));
        Ok(client)
    }
}

fn redirect(back: &str) -> Result<RedirectUrl, ProviderFault> {
    RedirectUrl::new(back.to_owned()).map_err(|error| ProviderFault::Unreachable(error.to_string()))
}

async fn call(client: reqwest::Client, request: HttpRequest) -> Result<HttpResponse, CallFault> {
    let mut answer = client.execute(request.try_into()?).await?;
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await? {
        if body.len() + chunk.len() > ANSWER_BYTES {
            return Err(CallFault::TooLong);
        }
        body.extend_from_slice(&chunk);
    }
    let mut built = axum::http::Response::builder().status(answer.status());
    for (name, value) in answer.headers() {
        built = built.header(name, value);
    }
    Ok(built.body(body)?)
}
