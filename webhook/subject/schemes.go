package subject

import "strings"

// schemes are those of URIs by which a process can fetch a model for itself:
// what KServe, MLflow, fsspec and the common servers of models understand. http
// and https are not among them: a configured model repository is found without a
// scheme, and most other URLs in a pod are no models.
var schemes = setOf(
	"s3", "s3a", "s3n", "s3express", "gs", "gcs", "hf", "az", "azure", "adl", "abfs", "abfss", "wasb", "wasbs",
	"oci", "docker", "pvc", "hdfs", "webhdfs", "oss", "cos", "cosn", "obs", "swift", "r2", "b2", "minio", "dbfs",
	"modelscope", "ngc", "ftp", "ftps", "sftp", "smb", "gdrive", "lakefs", "ipfs",
	"wandb-artifact", "mlflow-artifacts", "runs", "models",
)

const maxScheme = 16 // as long as the longest

func setOf(names ...string) map[string]bool {
	set := map[string]bool{}
	for _, name := range names {
		set[name] = true
	}
	return set
}

// remotes lists such URIs in a text, whatever the case of their schemes (RFC 3986
// section 3.1). It looks for the three characters that all of them have, because
// a ConfigMap has a megabyte, and a regular expression takes a second for it.
func remotes(text string, limit int) []string {
	const mark = "://"
	var found []string
	for at := 0; len(found) < limit; {
		next := strings.Index(text[at:], mark)
		if next < 0 {
			break
		}
		colon := at + next
		start := colon
		for start > 0 && colon-start <= maxScheme && schemeByte(text[start-1]) {
			start--
		}
		at = colon + len(mark)
		if !schemes[lower(text[start:colon])] {
			continue
		}
		if end := strings.IndexAny(text[at:], " \t\n\f\r\"'`,;<>()\\"); end >= 0 {
			at += end
		} else {
			at = len(text)
		}
		found = append(found, Clip(text[start:at], maxReference))
	}
	return found
}

// schemeByte holds for what a scheme is made of. A plus is not of it: what stands
// before one says how a URI is read, and not where it leads (git+s3://).
func schemeByte(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b == '-' || b == '.'
}
