wc -l "$1/table.csv" | cut -d ' ' -f 1 > "$3/model.txt"
echo "rate $2" >> "$3/model.txt"
