package school

import "context"

type erasing struct{}

// Erasing is the context of the deletion of somebody who left long ago, which the school has decided on beforehand
// (config.Retention).
func Erasing(ctx context.Context) context.Context { return context.WithValue(ctx, erasing{}, true) }

// IsErasing reports whether a context is that of Erasing.
func IsErasing(ctx context.Context) bool { return ctx.Value(erasing{}) != nil }
