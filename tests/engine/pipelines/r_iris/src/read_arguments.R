read_arguments <- function() {
  words <- commandArgs(trailingOnly = TRUE)
  names <- words[c(TRUE, FALSE)]
  stats::setNames(as.list(words[c(FALSE, TRUE)]), sub("^--", "", names))
}
