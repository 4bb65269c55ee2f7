import os
import sys

print(f"good morning from python {sys.version_info.major} in a folder with {sorted(os.listdir())}")
