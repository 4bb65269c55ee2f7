print("this is part B")
