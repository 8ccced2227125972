//! Makes the start-up snapshot, under the feature `snapshot`.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    #[cfg(feature = "snapshot")]
    snapshot();
}

#[cfg(feature = "snapshot")]
fn snapshot() {
    // The glue may be a few frames deep; QuickJS assumes at least a megabyte of stack, and its own flags ask for more.
    let made = std::thread::Builder::new()
        .stack_size(32 << 20)
        .spawn(readystate_js::create_snapshot);
    let bytes = match made.map(std::thread::JoinHandle::join) {
        Ok(Ok(Ok(bytes))) => bytes,
        Ok(Ok(Err(message))) => panic!("the snapshot cannot be made: {message}"),
        Ok(Err(_)) => panic!("the snapshot cannot be made: the engine panicked, see above"),
        Err(error) => panic!("the snapshot cannot be made: no thread: {error}"),
    };
    let folder = std::env::var_os("OUT_DIR").expect("cargo sets OUT_DIR for build scripts");
    let path = std::path::Path::new(&folder).join("glue.snapshot");
    std::fs::write(&path, bytes)
        .unwrap_or_else(|error| panic!("cannot write {}: {error}", path.display()));
}
