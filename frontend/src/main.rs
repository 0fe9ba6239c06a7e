//! Where the browser enters.
//!
//! A binary and not a `cdylib`: whole-program optimisation needs a crate that is nothing else, and cargo keeps what it
//! built for each selection of features, where a `cdylib` is built anew whenever the selection changes.

fn main() {
    frontend::start();
}
