//! Has the program find libtorch where it was built with it, wherever it is run from.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    // Set by torch-sys, so only with the feature `bert`.
    println!("cargo:rerun-if-env-changed=DEP_TCH_LIBTORCH_LIB");
    if let Ok(folder) = std::env::var("DEP_TCH_LIBTORCH_LIB") {
        // Beside the program first, so that both can be taken to another machine together.
        for path in ["$ORIGIN/libtorch/lib", "$ORIGIN/../lib", &folder] {
            println!("cargo:rustc-link-arg=-Wl,-rpath,{path}");
        }
        println!("cargo:rustc-link-arg=-Wl,--no-as-needed");
        println!("cargo:rustc-link-arg=-ltorch");
    }
}
