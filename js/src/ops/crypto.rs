//! Ops of `Crypto` and `SubtleCrypto`. Results go to a view that the glue has made large enough.
//!
//! Standard: Web Cryptography, <https://w3c.github.io/webcrypto/>, as of July 2026.

use std::num::NonZeroU32;

use deno_core::{OpDecl, op2};
use ring::aead::{AES_128_GCM, AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use ring::rand::{SecureRandom, SystemRandom};
use ring::{digest, hmac, pbkdf2};

use super::body::copy_bytes;

/// The ops of this area.
pub(crate) fn ops() -> Vec<OpDecl> {
    vec![
        op_crypto_random(),
        op_crypto_digest(),
        op_crypto_hmac(),
        op_crypto_hmac_verify(),
        op_crypto_pbkdf2(),
        op_crypto_aes_gcm_seal(),
        op_crypto_aes_gcm_open(),
    ]
}

/// A digest by its place in the glue's list: SHA-1, SHA-256, SHA-384, SHA-512.
fn digest_algorithm(hash: u32) -> &'static digest::Algorithm {
    match hash {
        0 => &digest::SHA1_FOR_LEGACY_USE_ONLY,
        1 => &digest::SHA256,
        2 => &digest::SHA384,
        _ => &digest::SHA512,
    }
}

fn hmac_algorithm(hash: u32) -> hmac::Algorithm {
    match hash {
        0 => hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
        1 => hmac::HMAC_SHA256,
        2 => hmac::HMAC_SHA384,
        _ => hmac::HMAC_SHA512,
    }
}

fn pbkdf2_algorithm(hash: u32) -> pbkdf2::Algorithm {
    match hash {
        0 => pbkdf2::PBKDF2_HMAC_SHA1,
        1 => pbkdf2::PBKDF2_HMAC_SHA256,
        2 => pbkdf2::PBKDF2_HMAC_SHA384,
        _ => pbkdf2::PBKDF2_HMAC_SHA512,
    }
}

/// Fills a view with random bytes. False if the system gives none.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_crypto_random(#[buffer] to: &mut [u8]) -> bool {
    SystemRandom::new().fill(to).is_ok()
}

/// The digest of bytes.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_crypto_digest(hash: u32, #[buffer] bytes: &[u8], #[buffer] to: &mut [u8]) {
    copy_bytes(digest::digest(digest_algorithm(hash), bytes).as_ref(), to);
}

/// The message authentication code of bytes.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_crypto_hmac(
    hash: u32,
    #[buffer] key: &[u8],
    #[buffer] bytes: &[u8],
    #[buffer] to: &mut [u8],
) {
    let key = hmac::Key::new(hmac_algorithm(hash), key);
    copy_bytes(hmac::sign(&key, bytes).as_ref(), to);
}

/// Whether a message authentication code is that of bytes, compared in constant time.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_crypto_hmac_verify(
    hash: u32,
    #[buffer] key: &[u8],
    #[buffer] bytes: &[u8],
    #[buffer] code: &[u8],
) -> bool {
    let key = hmac::Key::new(hmac_algorithm(hash), key);
    hmac::verify(&key, bytes, code).is_ok()
}

/// Derives bytes from a password. `parameters`: hash, iterations (at least 1).
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_crypto_pbkdf2(
    #[buffer] parameters: &[u32],
    #[buffer] password: &[u8],
    #[buffer] salt: &[u8],
    #[buffer] to: &mut [u8],
) {
    let &[hash, iterations] = parameters else {
        return;
    };
    if let Some(iterations) = NonZeroU32::new(iterations)
        && !to.is_empty()
    {
        pbkdf2::derive(pbkdf2_algorithm(hash), iterations, salt, password, to);
    }
}

fn aes_gcm_key(key: &[u8]) -> Option<LessSafeKey> {
    let algorithm = if key.len() == 16 {
        &AES_128_GCM
    } else {
        &AES_256_GCM
    };
    UnboundKey::new(algorithm, key).ok().map(LessSafeKey::new)
}

/// Encrypts `text`, which has 16 bytes of room for the tag at its end, in place. `nonce` has 12 bytes.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_crypto_aes_gcm_seal(
    #[buffer] key: &[u8],
    #[buffer] nonce: &[u8],
    #[buffer] additional: &[u8],
    #[buffer] text: &mut [u8],
) -> bool {
    let (Some(key), Ok(nonce)) = (aes_gcm_key(key), Nonce::try_assume_unique_for_key(nonce)) else {
        return false;
    };
    let Some(length) = text.len().checked_sub(16) else {
        return false;
    };
    let (plain, room) = text.split_at_mut(length);
    match key.seal_in_place_separate_tag(nonce, Aad::from(additional), plain) {
        Ok(tag) => {
            copy_bytes(tag.as_ref(), room);
            true
        }
        Err(_) => false,
    }
}

/// Decrypts `text`, tag included, in place; the plain text is 16 bytes shorter. False if it is not genuine.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_crypto_aes_gcm_open(
    #[buffer] key: &[u8],
    #[buffer] nonce: &[u8],
    #[buffer] additional: &[u8],
    #[buffer] text: &mut [u8],
) -> bool {
    let (Some(key), Ok(nonce)) = (aes_gcm_key(key), Nonce::try_assume_unique_for_key(nonce)) else {
        return false;
    };
    key.open_in_place(nonce, Aad::from(additional), text)
        .is_ok()
}
