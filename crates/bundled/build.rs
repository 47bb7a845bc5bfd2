//! Tells cargo that the bundled scenarios are part of the crate: editing one builds it again.

fn main() {
    println!("cargo::rerun-if-changed=scenarios");
}
