// Package pinned keeps in go.mod, at one version, what the pages of docs/frameworks import.
package pinned

import _ "github.com/zitadel/oidc/v3/pkg/client/rp"
