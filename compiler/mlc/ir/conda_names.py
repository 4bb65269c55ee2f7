"""Conda's names of packages and PyPI's, where they differ (both as normalised: lower case, hyphens).

Sources: the packages' own pages on conda-forge and PyPI. What is not listed has the same name on both.
"""

PYPI_NAMES: dict[str, str] = {
    "dask-core": "dask",
    "faiss": "faiss-cpu",
    "libfaiss": "faiss-cpu",
    "matplotlib-base": "matplotlib",
    "msgpack-python": "msgpack",
    "numpy-base": "numpy",
    "opencv": "opencv-python-headless",
    "plotly-orca": "kaleido",
    "py-lightgbm": "lightgbm",
    "py-opencv": "opencv-python-headless",
    "py-xgboost": "xgboost",
    "py-xgboost-cpu": "xgboost",
    "py-xgboost-gpu": "xgboost",
    "pyarrow-core": "pyarrow",
    "pyqt": "pyqt5",
    "pyspark-core": "pyspark",
    "pytables": "tables",
    "python-graphviz": "graphviz",
    "python-levenshtein": "levenshtein",
    "python-lmdb": "lmdb",
    "python-xxhash": "xxhash",
    "pytorch": "torch",
    "pytorch-cpu": "torch",
    "pytorch-gpu": "torch",
    "ruamel-yaml": "ruamel.yaml",
    "tensorflow-base": "tensorflow",
    "tensorflow-gpu": "tensorflow",
    "tensorflow-mkl": "tensorflow",
    "torchvision-cpu": "torchvision",
}

LEFT_OUT = frozenset(
    {
        "blas",
        "cpuonly",
        "cuda",
        "cuda-runtime",
        "cuda-toolkit",
        "cudatoolkit",
        "cudnn",
        "libblas",
        "nccl",
        "nomkl",
        "openblas",
        "pytorch-cuda",
        "pytorch-mutex",
        "python-abi",
    }
)
"""Packages that only choose among builds of others, or hold libraries that PyPI's wheels bring along."""

NOT_PYTHON = frozenset(
    {
        *("autoconf", "automake", "binutils", "bzip2", "c-compiler", "cairo", "compilers", "curl", "cxx-compiler"),
        *("ffmpeg", "fortran-compiler", "gcc", "gcc-linux-64", "gdal", "geos", "gfortran", "git-lfs", "glib", "go"),
        *("gxx", "gxx-linux-64", "hdf5", "java-jdk", "jpeg", "libaio", "libgcc", "libgcc-ng", "libgfortran", "libpng"),
        *(
            "libsndfile",
            "libstdcxx-ng",
            "libtiff",
            "llvm",
            "make",
            "mamba",
            "mpi",
            "mpich",
            "mpich2",
            "ncurses",
            "nodejs",
        ),
        *("openjdk", "openmp", "openmpi", "openssl", "pandoc", "perl", "pkg-config", "poppler", "proj", "r", "ruby"),
        *("rust", "sox", "sqlite", "sysroot-linux-64", "tesseract", "unixodbc", "wget", "xz", "zlib"),
    }
)
"""Packages that PyPI does not have, or has as something else; so are all whose names begin with ``r-``."""
