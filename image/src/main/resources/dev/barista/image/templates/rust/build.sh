# Cargo knows what it has compiled by its path, which must be the same in each build.
set -e
export CARGO_HOME="$BARISTA_CACHE/cargo" CARGO_TARGET_DIR="$BARISTA_CACHE/target" CARGO_TERM_COLOR=never
sources="$BARISTA_CACHE/sources"
rm -rf "$sources"
mkdir -p "$sources"
cp -R Cargo.toml src function "$sources/"
# Without a lock file of the handler's, the first build's holds until Cargo.toml changes.
if [ -f function/Cargo.lock ]; then mv "$sources/function/Cargo.lock" "$sources/Cargo.lock"
elif cmp -s function/Cargo.toml "$BARISTA_CACHE/Cargo.toml"; then cp "$BARISTA_CACHE/Cargo.lock" "$sources/"; fi
manifest="$PWD/function/Cargo.toml"
cd "$sources"
package=$(sed -n 's/^name *= *"\(.*\)"/\1/p' function/Cargo.toml | head -n 1)
sed -i "s|^handler = .*|handler = { path = \"function\", package = \"${package:-handler}\" }|" Cargo.toml
if [ "${TEST_ENABLED:-false}" = true ]; then (cd function && cargo test --quiet); fi
cargo build --release --quiet
cp Cargo.lock "$manifest" "$BARISTA_CACHE/"
cp "$CARGO_TARGET_DIR/release/main" "$BARISTA_OUT/main"
cd function
find . -type f ! -name '*.rs' ! -name 'Cargo.*' ! -path './target/*' |
  while IFS= read -r file; do
    mkdir -p "$BARISTA_OUT/${file%/*}"
    cp "$file" "$BARISTA_OUT/$file"
  done
