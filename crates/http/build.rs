//! Sees to it that there is a folder to embed, so that the server builds before the console does.

use std::path::Path;

fn main() {
    let dist = Path::new("../../console/dist");
    if !dist.exists()
        && let Err(error) = std::fs::create_dir_all(dist)
    {
        println!("cargo:warning={}: {error}", dist.display());
    }
    println!("cargo:rerun-if-changed={}", dist.display());
    println!("cargo:rerun-if-changed=build.rs");
}
