package stats

import "errors"

// What may be wrong with an input. Errors of this package wrap one of these
// and add the place.
var (
	ErrEmpty        = errors.New("no rows")
	ErrLength       = errors.New("columns of different length")
	ErrNotFinite    = errors.New("a value is missing or not finite")
	ErrRange        = errors.New("a value is out of range")
	ErrOneClass     = errors.New("all rows are of one class")
	ErrTied         = errors.New("values are tied, and the exact method has no ties")
	ErrConstant     = errors.New("all values are equal")
	ErrUndefined    = errors.New("the ratio is 0/0")
	ErrNoPairs      = errors.New("no two rows can be compared")
	ErrSeparated    = errors.New("the outcome is separated by the predictors, so no finite coefficients exist: use a ridge penalty")
	ErrSingular     = errors.New("the columns are linearly dependent: drop one or use a ridge penalty")
	ErrNotConverged = errors.New("the fit does not converge")
)
