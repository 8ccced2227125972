//! Import maps: parsing, merging, and what a module specifier means under one.
//!
//! Pure: no fetch, no script. Standard: HTML
//! <https://html.spec.whatwg.org/multipage/webappapis.html#import-maps>, as of 2026-01.

use std::cmp::Ordering;
use std::collections::HashSet;

use serde_json::Value;
use url::Url;

/// What specifiers mean in a document.
///
/// Standard: <https://html.spec.whatwg.org/multipage/webappapis.html#concept-import-map>
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportMap {
    imports: SpecifierMap,
    /// By prefix of the importing script's URL, the most special first.
    scopes: Vec<(String, SpecifierMap)>,
    /// Integrity metadata by URL.
    integrity: Vec<(Url, String)>,
}

/// Specifier keys and where they lead, the most special first. `None` blocks a specifier.
///
/// Standard: <https://html.spec.whatwg.org/multipage/webappapis.html#module-specifier-map>
type SpecifierMap = Vec<(String, Option<Url>)>;

/// Why the text of an import map is refused as a whole.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImportMapError {
    /// It is no JSON: a SyntaxError.
    #[error("the import map is no JSON: {0}")]
    Syntax(String),
    /// A member that must be an object is none: a TypeError.
    #[error("{0} must be a JSON object")]
    Type(String),
}

/// A specifier that leads nowhere: a TypeError with this message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct UnresolvedSpecifier(String);

impl ImportMap {
    /// Parses an import map; relative URLs in it start from `base`. The second part is what a console may say about it.
    ///
    /// # Errors
    /// [`ImportMapError`] where the map as a whole cannot be used. An entry that cannot is left out, or blocks its specifier.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/webappapis.html#parse-an-import-map-string>
    pub fn parse(input: &str, base: &Url) -> Result<(Self, Vec<String>), ImportMapError> {
        // 1. JSON.
        let parsed: Value = serde_json::from_str(input)
            .map_err(|error| ImportMapError::Syntax(error.to_string()))?;
        // 2. An object.
        let Value::Object(parsed) = parsed else {
            return Err(ImportMapError::Type("the import map".to_owned()));
        };
        let mut warnings = Vec::new();
        let object = |name: &str| match parsed.get(name) {
            None => Ok(None),
            Some(Value::Object(members)) => Ok(Some(members)),
            Some(_) => Err(ImportMapError::Type(format!(
                "\"{name}\" of the import map"
            ))),
        };
        // 3. – 4. Imports.
        let imports = object("imports")?.map_or_else(Vec::new, |imports| {
            normalize_specifier_map(imports, base, &mut warnings)
        });
        // 5. – 6. Scopes.
        let scopes = match object("scopes")? {
            None => Vec::new(),
            Some(scopes) => normalize_scopes(scopes, base, &mut warnings)?,
        };
        // 7. – 8. Integrity.
        let integrity = object("integrity")?.map_or_else(Vec::new, |integrity| {
            normalize_integrity(integrity, base, &mut warnings)
        });
        // 9. Other members.
        for key in parsed.keys() {
            if !matches!(key.as_str(), "imports" | "scopes" | "integrity") {
                warnings.push(format!("import map: unknown member \"{key}\""));
            }
        }
        // 10.
        let map = Self {
            imports,
            scopes,
            integrity,
        };
        Ok((map, warnings))
    }

    /// Merges a further map into this one. What has been resolved already keeps its meaning, and of two entries the older wins.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/webappapis.html#merge-existing-and-new-import-maps>
    pub fn merge(&mut self, new: Self, resolved: &ResolvedModules) {
        // 4. Scopes.
        for (prefix, mut imports) in new.scopes {
            // 4.1 Entries that would change what was resolved under such a scope go.
            for record in &resolved.records {
                if is_scope_of(&prefix, &record.base_url) {
                    imports.retain(|(key, _)| !record.is_matched_by(key));
                }
            }
            // 4.2 – 4.3
            match self.scopes.iter_mut().find(|(old, _)| *old == prefix) {
                Some((_, old)) => merge_specifier_maps(imports, old),
                None => self.scopes.push((prefix, imports)),
            }
        }
        self.scopes.sort_by(|(a, _), (b, _)| descending(a, b));
        // 5. Integrity.
        for (url, metadata) in new.integrity {
            if self.integrity_of(&url).is_none() {
                self.integrity.push((url, metadata));
            }
        }
        // 6. Entries that begin as something resolved already go.
        let mut imports = new.imports;
        imports.retain(|(specifier, _)| {
            !resolved
                .records
                .iter()
                .any(|record| specifier.starts_with(&record.specifier))
        });
        // 7.
        merge_specifier_maps(imports, &mut self.imports);
    }

    /// Resolves a specifier that a script of base URL `base` names, and notes it in `resolved`.
    ///
    /// # Errors
    /// [`UnresolvedSpecifier`] for a bare specifier that no entry names, and for one that an entry blocks.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/webappapis.html#resolve-a-module-specifier>
    pub fn resolve(
        &self,
        specifier: &str,
        base: &Url,
        resolved: &mut ResolvedModules,
    ) -> Result<Url, UnresolvedSpecifier> {
        // 8. – 9. As a URL, if it looks like one.
        let as_url = resolve_url_like(specifier, base);
        let normalized = as_url.as_ref().map_or(specifier, Url::as_str);
        // 10. – 11. The scopes that the script is in, the most special first.
        let mut result = None;
        for (prefix, imports) in &self.scopes {
            if is_scope_of(prefix, base.as_str()) {
                result = resolve_imports_match(normalized, as_url.as_ref(), imports)?;
                if result.is_some() {
                    break;
                }
            }
        }
        // 12. The rest of the map.
        if result.is_none() {
            result = resolve_imports_match(normalized, as_url.as_ref(), &self.imports)?;
        }
        // 13. – 14. Itself.
        let Some(url) = result.or_else(|| as_url.clone()) else {
            // 15.
            return Err(UnresolvedSpecifier(format!(
                "The module specifier \"{specifier}\" is neither a URL nor begins with \"/\", \"./\" or \"../\", and no import map names it"
            )));
        };
        resolved.add(ResolvedModule {
            base_url: base.as_str().to_owned(),
            specifier: normalized.to_owned(),
            matches_prefixes: as_url.as_ref().is_none_or(is_special),
        });
        Ok(url)
    }

    /// Integrity metadata of a module, if the map has some.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/webappapis.html#resolving-a-module-integrity-metadata>
    #[must_use]
    pub fn integrity_of(&self, url: &Url) -> Option<&str> {
        self.integrity
            .iter()
            .find(|(other, _)| other == url)
            .map(|(_, metadata)| metadata.as_str())
    }
}

/// What has been resolved in a document: later import maps leave it alone.
///
/// Standard: <https://html.spec.whatwg.org/multipage/webappapis.html#resolved-module-set>
#[derive(Clone, Debug, Default)]
pub struct ResolvedModules {
    records: HashSet<ResolvedModule>,
}

impl ResolvedModules {
    fn add(&mut self, record: ResolvedModule) {
        // What a page may grow has a limit; past it, a later map may change what a specifier means.
        if self.records.len() < MAX_RECORDS {
            self.records.insert(record);
        }
    }
}

/// Standard: <https://html.spec.whatwg.org/multipage/webappapis.html#specifier-resolution-record>
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct ResolvedModule {
    base_url: String,
    specifier: String,
    /// Whether entries that end with a slash apply: the specifier is bare, or a URL of a special scheme.
    matches_prefixes: bool,
}

impl ResolvedModule {
    /// Whether an entry of this key would have been looked at for it.
    fn is_matched_by(&self, key: &str) -> bool {
        key == self.specifier
            || (key.ends_with('/') && self.specifier.starts_with(key) && self.matches_prefixes)
    }
}

/// How many resolutions of a document are remembered.
const MAX_RECORDS: usize = 100_000;

/// Standard: <https://html.spec.whatwg.org/multipage/webappapis.html#resolve-a-url-like-module-specifier>
fn resolve_url_like(specifier: &str, base: &Url) -> Option<Url> {
    // 1. Relative.
    if specifier.starts_with('/') || specifier.starts_with("./") || specifier.starts_with("../") {
        return base.join(specifier).ok();
    }
    // 2. – 4. Absolute.
    Url::parse(specifier).ok()
}

/// Standard: <https://html.spec.whatwg.org/multipage/webappapis.html#resolving-an-imports-match>
fn resolve_imports_match(
    normalized: &str,
    as_url: Option<&Url>,
    map: &SpecifierMap,
) -> Result<Option<Url>, UnresolvedSpecifier> {
    let blocked = |what: &str| {
        Err(UnresolvedSpecifier(format!(
            "The module specifier \"{normalized}\" is blocked by the import map: {what}"
        )))
    };
    for (key, address) in map {
        // 1.1 The specifier itself.
        if key == normalized {
            return match address {
                None => blocked(&format!("\"{key}\" leads nowhere")),
                Some(address) => Ok(Some(address.clone())),
            };
        }
        // 1.2 A folder.
        if !key.ends_with('/') || !as_url.is_none_or(is_special) {
            continue;
        }
        let Some(rest) = normalized.strip_prefix(key.as_str()) else {
            continue;
        };
        let Some(address) = address else {
            return blocked(&format!("\"{key}\" leads nowhere"));
        };
        let Ok(url) = address.join(rest) else {
            return blocked(&format!("\"{rest}\" after \"{key}\" gives no URL"));
        };
        if !url.as_str().starts_with(address.as_str()) {
            return blocked(&format!("it leaves the folder of \"{key}\""));
        }
        return Ok(Some(url));
    }
    Ok(None)
}

/// Whether scripts of this base URL are in the scope.
fn is_scope_of(prefix: &str, base_url: &str) -> bool {
    prefix == base_url || (prefix.ends_with('/') && base_url.starts_with(prefix))
}

/// Standard: <https://url.spec.whatwg.org/#is-special>
fn is_special(url: &Url) -> bool {
    matches!(
        url.scheme(),
        "ftp" | "file" | "http" | "https" | "ws" | "wss"
    )
}

/// Standard: <https://html.spec.whatwg.org/multipage/webappapis.html#sorting-and-normalizing-a-module-specifier-map>
fn normalize_specifier_map(
    members: &serde_json::Map<String, Value>,
    base: &Url,
    warnings: &mut Vec<String>,
) -> SpecifierMap {
    let mut normalized: SpecifierMap = Vec::new();
    for (key, value) in members {
        let Some(key) = normalize_specifier_key(key, base, warnings) else {
            continue;
        };
        let address = address_of(&key, value, base, warnings);
        match normalized.iter_mut().find(|(other, _)| *other == key) {
            Some((_, old)) => *old = address,
            None => normalized.push((key, address)),
        }
    }
    normalized.sort_by(|(a, _), (b, _)| descending(a, b));
    normalized
}

/// Standard: <https://html.spec.whatwg.org/multipage/webappapis.html#normalizing-a-specifier-key>
fn normalize_specifier_key(key: &str, base: &Url, warnings: &mut Vec<String>) -> Option<String> {
    if key.is_empty() {
        warnings.push("import map: the empty string is no specifier".to_owned());
        return None;
    }
    Some(resolve_url_like(key, base).map_or_else(|| key.to_owned(), String::from))
}

/// Steps 2.3 to 2.7 of normalising a specifier map: where an entry leads, `None` if that cannot be used.
fn address_of(key: &str, value: &Value, base: &Url, warnings: &mut Vec<String>) -> Option<Url> {
    let Value::String(address) = value else {
        warnings.push(format!("import map: the address of \"{key}\" is no string"));
        return None;
    };
    let Some(url) = resolve_url_like(address, base) else {
        warnings.push(format!(
            "import map: \"{address}\", the address of \"{key}\", is no URL"
        ));
        return None;
    };
    if key.ends_with('/') && !url.as_str().ends_with('/') {
        warnings.push(format!(
            "import map: \"{address}\" must end with a slash, for \"{key}\" does"
        ));
        return None;
    }
    Some(url)
}

/// Standard: <https://html.spec.whatwg.org/multipage/webappapis.html#sorting-and-normalizing-scopes>
fn normalize_scopes(
    members: &serde_json::Map<String, Value>,
    base: &Url,
    warnings: &mut Vec<String>,
) -> Result<Vec<(String, SpecifierMap)>, ImportMapError> {
    let mut normalized: Vec<(String, SpecifierMap)> = Vec::new();
    for (prefix, imports) in members {
        let Value::Object(imports) = imports else {
            return Err(ImportMapError::Type(format!(
                "the scope \"{prefix}\" of the import map"
            )));
        };
        let Ok(url) = base.join(prefix) else {
            warnings.push(format!("import map: the scope \"{prefix}\" is no URL"));
            continue;
        };
        let prefix = String::from(url);
        let imports = normalize_specifier_map(imports, base, warnings);
        match normalized.iter_mut().find(|(other, _)| *other == prefix) {
            Some((_, old)) => *old = imports,
            None => normalized.push((prefix, imports)),
        }
    }
    normalized.sort_by(|(a, _), (b, _)| descending(a, b));
    Ok(normalized)
}

/// Standard: <https://html.spec.whatwg.org/multipage/webappapis.html#normalize-a-module-integrity-map>
fn normalize_integrity(
    members: &serde_json::Map<String, Value>,
    base: &Url,
    warnings: &mut Vec<String>,
) -> Vec<(Url, String)> {
    let mut normalized: Vec<(Url, String)> = Vec::new();
    for (key, value) in members {
        let Some(url) = resolve_url_like(key, base) else {
            warnings.push(format!("import map: \"{key}\" under integrity is no URL"));
            continue;
        };
        let Value::String(metadata) = value else {
            warnings.push(format!(
                "import map: the integrity of \"{key}\" is no string"
            ));
            continue;
        };
        match normalized.iter_mut().find(|(other, _)| *other == url) {
            Some((_, old)) => old.clone_from(metadata),
            None => normalized.push((url, metadata.clone())),
        }
    }
    normalized
}

/// Standard: <https://html.spec.whatwg.org/multipage/webappapis.html#merge-module-specifier-maps>
fn merge_specifier_maps(new: SpecifierMap, old: &mut SpecifierMap) {
    for (key, address) in new {
        if !old.iter().any(|(other, _)| *other == key) {
            old.push((key, address));
        }
    }
    old.sort_by(|(a, _), (b, _)| descending(a, b));
}

/// The order of keys: by code units, falling, so that what is more special comes first.
fn descending(a: &str, b: &str) -> Ordering {
    b.encode_utf16().cmp(a.encode_utf16())
}
