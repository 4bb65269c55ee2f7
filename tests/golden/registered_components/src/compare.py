# written by the notebook
