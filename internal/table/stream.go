package table

import (
	"context"
	"errors"
	"fmt"
	"strings"

	duckdb "github.com/duckdb/duckdb-go-bindings"
)

// ahead is how many batches are read while one is being looked at.
const ahead = 4

// Stream shows all rows of one file in file order, a batch at a time: the way
// to look at every value of a file of any size. The driver of database/sql
// wants a call per row and a box per value, at several times the price of
// reading the file. A batch is gone once visit returns. Rows are hashed by one
// column, or as a whole when by is empty, for a [Sample].
func (v *View) Stream(ctx context.Context, name, by string, visit func(*Batch) error) error {
	found := v.files[name]
	database, err := connect()
	if err != nil {
		return shorten(found.name, err)
	}
	defer database.close() // after the last batch is gone
	if err := database.confine(v.memory, found); err != nil {
		return shorten(found.name, err)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer database.interruptible(ctx)()
	batches, ended := make(chan *Batch, ahead), make(chan error, 1)
	go func() {
		defer close(batches)
		ended <- database.stream(ctx, found.hashedQuery(by), batches)
	}()
	for batch := range batches {
		if err == nil {
			if err = visit(batch); err != nil {
				cancel(err)
			}
		}
		batch.free()
	}
	if failed := <-ended; err == nil && failed != nil {
		return shorten(found.name, failed)
	}
	return err
}

// hashedQuery adds to each row the hash that a sample goes by.
func (f file) hashedQuery(by string) string {
	hashed := Quote(by)
	if by == "" {
		hashed = strings.Join(quoted(f.columns), ", ")
	}
	return fmt.Sprintf("SELECT *, hash(%s) %% %d FROM (%s)", hashed, parts, f.query())
}

// raw is a database by DuckDB's own interface, for what database/sql lacks.
type raw struct {
	database   duckdb.Database
	connection duckdb.Connection
}

func connect() (*raw, error) {
	var config duckdb.Config
	if duckdb.CreateConfig(&config) == duckdb.StateError {
		return nil, errors.New("starting duckdb: no configuration")
	}
	defer duckdb.DestroyConfig(&config)
	opened, message := &raw{}, ""
	if duckdb.OpenExt("", &opened.database, config, &message) == duckdb.StateError {
		return nil, errors.New("starting duckdb: " + message)
	}
	if duckdb.Connect(opened.database, &opened.connection) == duckdb.StateError {
		duckdb.Close(&opened.database)
		return nil, errors.New("starting duckdb: no connection")
	}
	return opened, nil
}

func (r *raw) close() {
	duckdb.Disconnect(&r.connection)
	duckdb.Close(&r.database)
}

// interruptible ends statements with the context. What it returns waits until
// nobody interrupts any more: the connection may then be closed.
func (r *raw) interruptible(ctx context.Context) (stop func()) {
	interrupted := make(chan struct{})
	stopped := context.AfterFunc(ctx, func() {
		defer close(interrupted)
		duckdb.Interrupt(r.connection)
	})
	return func() {
		if !stopped() {
			<-interrupted
		}
	}
}

// confine lets it see one file, with one thread: a second would have to wait
// its turn, since the rows are in order.
func (r *raw) confine(memory int, to file) error {
	for _, statement := range append(bounds(memory, 1, []string{Text(to.path)}), confinement...) {
		if err := r.execute(statement); err != nil {
			return err
		}
	}
	return nil
}

func (r *raw) execute(statement string) error {
	var result duckdb.Result
	defer duckdb.DestroyResult(&result)
	if duckdb.Query(r.connection, statement, &result) == duckdb.StateError {
		return errors.New(duckdb.ResultError(&result))
	}
	return nil
}

func (r *raw) stream(ctx context.Context, query string, batches chan<- *Batch) error {
	var statement duckdb.PreparedStatement
	defer duckdb.DestroyPrepare(&statement)
	if duckdb.Prepare(r.connection, query, &statement) == duckdb.StateError {
		return errors.New(duckdb.PrepareError(statement))
	}
	var result duckdb.Result
	defer duckdb.DestroyResult(&result)
	if duckdb.ExecutePreparedStreaming(statement, &result) == duckdb.StateError {
		return errors.New(duckdb.ResultError(&result))
	}
	for ctx.Err() == nil {
		chunk := duckdb.FetchChunk(result)
		if chunk.Ptr == nil {
			break
		}
		batches <- newBatch(chunk, int(duckdb.ColumnCount(&result)))
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if message := duckdb.ResultError(&result); message != "" {
		return errors.New(message)
	}
	return nil
}
