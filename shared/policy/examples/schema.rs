//! Prints the JSON Schema of `policy.toml`: `cargo run -p policy --example schema > infra/policies/policy.schema.json`.

fn main() {
    print!("{}", policy::schema());
}
