//! `localStorage` in a file: JSON in the form of Playwright's storage state, of which only `origins` counts. Lone surrogates become
//! U+FFFD.

use std::fs;
use std::io::{Error as IoError, ErrorKind};
use std::path::Path;

use readystate_js::storage::StorageShed;
use serde_json::{Value, json};

use crate::error::Error;

/// Reads a file; one that does not exist yet is an empty one.
pub(crate) fn load(path: &Path) -> Result<StorageShed, Error> {
    let shed = StorageShed::default();
    let error = |source| Error::Io {
        what: format!("reading {}", path.display()),
        source,
    };
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(missing) if missing.kind() == ErrorKind::NotFound => return Ok(shed),
        Err(source) => return Err(error(source)),
    };
    parse(&text, &shed).map_err(|reason| error(IoError::new(ErrorKind::InvalidData, reason)))?;
    Ok(shed)
}

fn parse(text: &str, shed: &StorageShed) -> Result<(), String> {
    let state: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let Some(origins) = state.get("origins") else {
        return Ok(());
    };
    let list = |value: &Value, what: &str| {
        let list = value.as_array().cloned();
        list.ok_or_else(|| format!("{what} is not a list"))
    };
    let text = |value: &Value, name: &str| {
        let text = value.get(name).and_then(Value::as_str).map(str::to_owned);
        text.ok_or_else(|| format!("\"{name}\" is not a text"))
    };
    for origin in list(origins, "\"origins\"")? {
        let area = shed.area_named(&text(&origin, "origin")?);
        let items = origin.get("localStorage").unwrap_or(&Value::Null);
        for item in list(items, "\"localStorage\"")? {
            let name: Vec<u16> = text(&item, "name")?.encode_utf16().collect();
            let value: Vec<u16> = text(&item, "value")?.encode_utf16().collect();
            area.set(&name, &value)
                .map_err(|_| "an origin stores too much".to_owned())?;
        }
    }
    Ok(())
}

/// Writes a file.
pub(crate) fn save(path: &Path, shed: &StorageShed) -> Result<(), Error> {
    let origins: Vec<Value> = shed
        .areas()
        .into_iter()
        .map(|(origin, area)| {
            let items: Vec<Value> = area
                .entries()
                .into_iter()
                .map(|(name, value)| {
                    json!({
                        "name": String::from_utf16_lossy(&name),
                        "value": String::from_utf16_lossy(&value),
                    })
                })
                .collect();
            json!({ "origin": origin, "localStorage": items })
        })
        .collect();
    let text = format!("{:#}\n", json!({ "cookies": [], "origins": origins }));
    fs::write(path, text).map_err(|source| Error::Io {
        what: format!("writing {}", path.display()),
        source,
    })
}
