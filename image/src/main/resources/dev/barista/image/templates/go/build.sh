# Compiles the function's module with this template's main package inside it.
set -e
export GOCACHE="$BARISTA_CACHE/go-build" GOMODCACHE="$BARISTA_CACHE/go-mod" GOENV=off
export GOFLAGS="-buildvcs=false -trimpath -modcacherw ${GOFLAGS:-}" GOTOOLCHAIN="${GOTOOLCHAIN:-local}"
export CGO_ENABLED="${CGO_ENABLED:-0}"
unset GOROOT GOPATH
if [ ! -f function/go.mod ]; then printf 'module handler/function\n\ngo 1.21\n' > function/go.mod; fi
module=$(sed -n 's/^module[[:space:]]\{1,\}"\{0,1\}\([^"[:space:]]*\).*/\1/p' function/go.mod | head -n 1)
mkdir function/barista_main
for source in *.go; do
  sed "s|\"handler/function\"|\"$module\"|" "$source" > "function/barista_main/$source"
done
# The types that handlers of OpenFaaS's golang-http import come with the template.
sdk=$(grep -rhos --include='*.go' 'github.com/openfaas/templates-sdk\|github.com/openfaas-incubator/go-function-sdk' function/*.go | head -n 1)
if [ -d sdk ] && [ -n "$sdk" ]; then
  case $sdk in */templates-sdk) package=$sdk/go-http folder=sdk/module/go-http ;; *) package=$sdk folder=sdk/module ;; esac
  mkdir -p "$folder"
  cp sdk/handler.go "$folder/"
  printf 'module %s\n\ngo 1.21\n' "$sdk" > sdk/module/go.mod
  sed "s|\"handler/sdk\"|\"$package\"|; s|\"handler/function\"|\"$module\"|" sdk/adapt.go > function/barista_main/adapt.go
  if [ ! -d function/vendor ]; then
    (cd function && go mod edit -replace "$sdk=../sdk/module" -require "$sdk@v0.0.0-00010101000000-000000000000")
  fi
fi
cd function
go build -ldflags '-s -w' -o "$BARISTA_OUT/handler" ./barista_main
if [ "${TEST_ENABLED:-true}" != false ] && [ -n "$(find . -name '*_test.go' -not -path './vendor/*' | head -n 1)" ]; then
  go test -vet=off ./...
fi
# What isn't Go comes along, as data of the function.
find . -type f ! -name '*.go' ! -name go.mod ! -name go.sum ! -path './vendor/*' ! -path './barista_main/*' |
  while IFS= read -r file; do
    mkdir -p "$BARISTA_OUT/${file%/*}"
    cp "$file" "$BARISTA_OUT/$file"
  done
