print("this is part A")
