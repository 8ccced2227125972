//! TLS by rustls: which certificates are trusted, our own certificate, and the layer of a connection that speaks it.
//!
//! The trusted roots are Mozilla's, bundled (`webpki-roots`), and those that [`TransportOptions`] adds.
//!
//! [`TransportOptions`]: super::ureq::TransportOptions

use std::fmt;
use std::io::{Read, Write};
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::{
    ClientConfig, ClientConnection, DigitallySignedStruct, RootCertStore, SignatureScheme,
    StreamOwned,
};
use ureq::Error;
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, Either, LazyBuffers, NextTimeout, Transport,
    TransportAdapter,
};
use url::Host;

use super::dial::Target;
use super::exchange::SharedExchange;
use super::socket::BUFFER;
use crate::error::NetworkError;

/// A certificate of one's own, which servers may ask for.
#[derive(Clone)]
pub struct ClientIdentity {
    /// The certificate and those that lead to its root, as PEM.
    pub certificates: Vec<u8>,
    /// The private key, as PEM: PKCS #8, PKCS #1 or SEC 1, not encrypted. May be the same bytes as the certificates.
    pub key: Vec<u8>,
}

impl fmt::Debug for ClientIdentity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The key does not go into logs.
        formatter
            .debug_struct("ClientIdentity")
            .finish_non_exhaustive()
    }
}

/// The settings of all TLS connections.
///
/// # Errors
/// [`NetworkError::TlsSettings`] for PEM that does not parse, and a key that does not fit its certificate.
pub(super) fn client_config(
    insecure: bool,
    extra_roots: Option<&[u8]>,
    identity: Option<&ClientIdentity>,
) -> Result<Arc<ClientConfig>, NetworkError> {
    let bad = |what: &str, detail: &dyn fmt::Display| {
        NetworkError::TlsSettings(format!("{what}: {detail}"))
    };
    let provider = Arc::new(ring::default_provider());
    let schemes = provider
        .signature_verification_algorithms
        .supported_schemes();
    let builder = ClientConfig::builder_with_provider(Arc::<CryptoProvider>::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| bad("protocol versions", &error))?;
    let builder = if insecure {
        builder
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(NoVerifier(schemes)))
    } else {
        let mut roots = RootCertStore {
            roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
        };
        for certificate in extra_roots
            .map(certificates)
            .transpose()?
            .unwrap_or_default()
        {
            roots
                .add(certificate)
                .map_err(|error| bad("CA certificate", &error))?;
        }
        builder.with_root_certificates(roots)
    };
    let config = match identity {
        None => builder.with_no_client_auth(),
        Some(identity) => {
            let key = PrivateKeyDer::from_pem_slice(&identity.key)
                .map_err(|error| bad("private key", &error))?;
            builder
                .with_client_auth_cert(certificates(&identity.certificates)?, key)
                .map_err(|error| bad("client certificate", &error))?
        }
    };
    Ok(Arc::new(config))
}

/// The certificates of a PEM text; at least one.
fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, NetworkError> {
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    match found {
        Ok(found) if !found.is_empty() => Ok(found),
        Ok(_) => Err(NetworkError::TlsSettings(
            "no certificate in PEM form".to_owned(),
        )),
        Err(error) => Err(NetworkError::TlsSettings(error.to_string())),
    }
}

/// A session with `target`, before its handshake.
///
/// # Errors
/// What is wrong, in words.
pub(super) fn client_connection(
    config: Arc<ClientConfig>,
    target: &Target,
) -> Result<ClientConnection, String> {
    let name = match &target.host {
        Host::Domain(domain) => ServerName::try_from(domain.clone())
            .map_err(|_| "the host name cannot be in a certificate".to_owned())?,
        Host::Ipv4(address) => ServerName::from(std::net::IpAddr::V4(*address)),
        Host::Ipv6(address) => ServerName::from(std::net::IpAddr::V6(*address)),
    };
    ClientConnection::new(config, name).map_err(|error| error.to_string())
}

/// Puts TLS on connections to https.
#[derive(Clone)]
pub(super) struct TlsConnector {
    pub(super) config: Option<Arc<ClientConfig>>,
    pub(super) exchange: SharedExchange,
    pub(super) target: Target,
}

impl<In: Transport> Connector<In> for TlsConnector {
    type Out = Either<In, TlsTransport>;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        chained: Option<In>,
    ) -> Result<Option<Self::Out>, Error> {
        let Some(inner) = chained else {
            return Ok(None);
        };
        let config = match &self.config {
            Some(config) if self.target.is_tls => Arc::clone(config),
            _ => return Ok(Some(Either::A(inner))),
        };
        let failed = |detail: String| {
            let mut exchange = self.exchange.lock();
            // A reset during the handshake is TLS's failure too; time-outs and aborts keep their name.
            if matches!(
                exchange.failure,
                None | Some(NetworkError::ConnectionClosed(_))
            ) {
                let host = self.target.to_string();
                exchange.failure = Some(NetworkError::Tls { host, detail });
            }
            Error::Tls("failed, see the exchange")
        };
        let mut connection = client_connection(config, &self.target).map_err(failed)?;
        let mut socket = TransportAdapter::new(inner.boxed(), Arc::clone(&details.current_time));
        socket.set_timeout(details.timeout);
        connection
            .complete_io(&mut socket)
            .map_err(|error| failed(error.to_string()))?;
        Ok(Some(Either::B(TlsTransport {
            buffers: LazyBuffers::new(BUFFER, BUFFER),
            stream: StreamOwned::new(connection, socket),
        })))
    }
}

impl fmt::Debug for TlsConnector {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("TlsConnector")
            .finish_non_exhaustive()
    }
}

/// A connection within TLS.
pub(super) struct TlsTransport {
    buffers: LazyBuffers,
    stream: StreamOwned<ClientConnection, TransportAdapter>,
}

impl Transport for TlsTransport {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        self.stream.get_mut().set_timeout(timeout);
        let output = self.buffers.output().get(..amount).unwrap_or_default();
        self.stream.write_all(output)?;
        Ok(())
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        self.stream.get_mut().set_timeout(timeout);
        let count = self.stream.read(self.buffers.input_append_buf())?;
        self.buffers.input_appended(count);
        Ok(count > 0)
    }

    fn is_open(&mut self) -> bool {
        self.stream.get_mut().get_mut().is_open()
    }

    fn is_tls(&self) -> bool {
        true
    }
}

impl fmt::Debug for TlsTransport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("TlsTransport")
            .finish_non_exhaustive()
    }
}

/// Takes every certificate.
#[derive(Debug)]
struct NoVerifier(Vec<SignatureScheme>);

impl ServerCertVerifier for NoVerifier {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.clone()
    }
}
