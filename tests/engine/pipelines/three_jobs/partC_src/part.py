print("this is part C")
