# The peers' side of `make bench-peers` in R: see peers.py, whose protocol this
# keeps.

folder <- commandArgs(trailingOnly = TRUE)[1]

numbers <- function(name) {
  path <- file.path(folder, name)
  readBin(path, "double", file.size(path) / 8, endian = "little")
}

need <- function(package) {
  if (!requireNamespace(package, quietly = TRUE)) stop(package, " is not installed")
}

delong <- function() {
  need("pROC")
  labels <- numbers("labels")
  scores <- numbers("scores")
  function() {
    roc <- pROC::roc(labels, scores, levels = c(0, 1), direction = "<", quiet = TRUE)
    c(as.numeric(pROC::auc(roc)), sqrt(pROC::var(roc, method = "delong")))
  }
}

bootstrap <- function() {
  need("pROC")
  labels <- numbers("labels")[1:10000]
  scores <- numbers("scores")[1:10000]
  function() {
    set.seed(1)
    roc <- pROC::roc(labels, scores, levels = c(0, 1), direction = "<", quiet = TRUE)
    interval <- pROC::ci.auc(roc, method = "bootstrap", boot.n = 2000, progress = "none")
    c(as.numeric(pROC::auc(roc)), interval[1], interval[3])
  }
}

cox <- function() {
  need("survival")
  covariates <- matrix(numbers("covariates"), ncol = 5, byrow = TRUE)
  time <- numbers("time")
  event <- numbers("event")
  function() unname(coef(survival::coxph(survival::Surv(time, event) ~ covariates)))
}

prepare <- list(delong = delong, bootstrap = bootstrap, cox = cox)
ready <- list()

answer <- function(name) {
  if (is.null(ready[[name]])) ready[[name]] <<- prepare[[name]]()
  started <- proc.time()[["elapsed"]]
  values <- ready[[name]]()
  taken <- proc.time()[["elapsed"]] - started
  sprintf('{"seconds": %.6f, "values": [%s]}', taken, paste(sprintf("%.17g", values), collapse = ", "))
}

input <- file("stdin", "r")
while (length(name <- readLines(input, n = 1)) > 0) {
  said <- tryCatch(suppressWarnings(answer(name)), error = function(e) {
    sprintf('{"missing": "%s"}', gsub('[\\\\"[:cntrl:]]', " ", conditionMessage(e)))
  })
  cat(said, "\n", sep = "")
  flush(stdout())
}
