source("read_arguments.R")

args <- read_arguments()
flowers <- read.csv(args$data_file)
print(head(flowers, 2))

model <- lm(petal ~ sepal, data = flowers)
line <- sprintf("petal = %.2f + %.2f * sepal (%d flowers)", coef(model)[1], coef(model)[2], nrow(flowers))
writeLines(line, file.path(args$out, "model.txt"))
