"""Which distribution an import comes from, and which well-known ones bring others with them. Small on purpose.

Most names are the same on both sides; only the odd ones stand here.
"""

import re

IMPORT_TO_DISTRIBUTIONS: dict[str, tuple[str, ...]] = {
    "Crypto": ("pycryptodome",),
    "IPython": ("ipython",),
    "OpenSSL": ("pyopenssl",),
    "PIL": ("pillow", "pillow-simd"),
    "azureml": ("azureml-core", "azureml-sdk", "azureml-defaults", "azureml-mlflow", "azureml-dataset-runtime"),
    "bs4": ("beautifulsoup4",),
    "cv2": ("opencv-python", "opencv-python-headless", "opencv-contrib-python", "opencv"),
    "dateutil": ("python-dateutil",),
    "dotenv": ("python-dotenv",),
    "faiss": ("faiss-cpu", "faiss-gpu"),
    "fitz": ("pymupdf",),
    "git": ("gitpython",),
    "google.cloud": ("google-cloud-storage", "google-cloud-bigquery"),
    "jose": ("python-jose",),
    "lightgbm": ("lightgbm",),
    "magic": ("python-magic",),
    "mpl_toolkits": ("matplotlib",),
    "mpi4py": ("mpi4py",),
    "onnxruntime": ("onnxruntime", "onnxruntime-gpu"),
    "pkg_resources": ("setuptools",),
    "psycopg2": ("psycopg2-binary", "psycopg2"),
    "pytorch_lightning": ("pytorch-lightning", "lightning"),
    "serial": ("pyserial",),
    "skimage": ("scikit-image",),
    "sklearn": ("scikit-learn", "sklearn"),
    "tables": ("tables", "pytables"),
    "tensorflow": ("tensorflow", "tensorflow-cpu", "tensorflow-gpu", "intel-tensorflow", "tensorflow-intel"),
    "tensorflow_datasets": ("tensorflow-datasets",),
    "tensorflow_hub": ("tensorflow-hub",),
    "torch": ("torch", "pytorch"),
    "umap": ("umap-learn",),
    "usb": ("pyusb",),
    "yaml": ("pyyaml",),
    "zmq": ("pyzmq",),
}
"""Import name (its first part, or a dotted one) -> distributions that bring it."""

BRINGS: dict[str, tuple[str, ...]] = {
    "azureml-core": ("requests", "urllib3", "python-dateutil", "azureml-core"),
    "azureml-mlflow": ("mlflow", "mlflow-skinny"),
    "catboost": ("numpy", "pandas", "scipy", "matplotlib"),
    "datasets": ("numpy", "pandas", "pyarrow", "requests", "tqdm", "huggingface-hub", "fsspec"),
    "keras": ("numpy", "h5py"),
    "lightgbm": ("numpy", "scipy"),
    "matplotlib": ("numpy", "pillow", "python-dateutil", "cycler"),
    "mlflow": (
        "numpy",
        "pandas",
        "pyyaml",
        "requests",
        "scikit-learn",
        "matplotlib",
        "cloudpickle",
        "scipy",
        "gitpython",
    ),
    "opencv-python": ("numpy",),
    "opencv-python-headless": ("numpy",),
    "pandas": ("numpy", "python-dateutil", "pytz"),
    "pytorch": ("numpy",),
    "pytorch-lightning": ("torch", "numpy", "pyyaml", "tqdm", "torchmetrics"),
    "scikit-image": ("numpy", "scipy", "pillow", "imageio"),
    "scikit-learn": ("numpy", "scipy", "joblib", "threadpoolctl"),
    "scipy": ("numpy",),
    "seaborn": ("matplotlib", "numpy", "pandas"),
    "statsmodels": ("numpy", "pandas", "scipy", "patsy"),
    "tensorflow": ("keras", "numpy", "h5py", "protobuf", "tensorboard", "six", "absl-py"),
    "torch": ("numpy", "sympy", "networkx", "jinja2", "fsspec"),
    "torchvision": ("torch", "numpy", "pillow"),
    "transformers": ("numpy", "pyyaml", "requests", "tqdm", "tokenizers", "huggingface-hub", "safetensors", "regex"),
    "xgboost": ("numpy", "scipy"),
}
"""Distribution -> what it depends on and scripts import without listing it."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def normal(name: str) -> str:
    """A distribution's name as package indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def required_name(requirement: str) -> str | None:
    """The distribution that a line of a conda file asks for; None: it does not say (a URL, an option)."""
    text = requirement.strip().rpartition("::")[2]
    if "#egg=" in text:
        text = text.partition("#egg=")[2]
    found = _NAME.match(text)
    if found is None or text.startswith("-"):
        return None
    rest = text[found.end() :].lstrip()
    if rest.startswith("@"):
        return normal(found.group())
    if rest.startswith((":", "/", "+")) or text.endswith((".whl", ".zip", ".gz")):
        return None
    return normal(found.group())


def listed(requirements: list[str]) -> set[str]:
    """Every distribution that is installed with these lines, as far as the tables know."""
    found: set[str] = set()
    waiting = [name for name in map(required_name, requirements) if name]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            base = "tensorflow" if name.startswith("tensorflow-") else name
            waiting += [normal(item) for item in BRINGS.get(base, ())]
    return found


def distributions(module: str) -> tuple[str, ...]:
    """The distributions that may bring ``module``."""
    parts = module.split(".")
    for length in (2, 1):
        key = ".".join(parts[:length])
        if key in IMPORT_TO_DISTRIBUTIONS:
            return IMPORT_TO_DISTRIBUTIONS[key]
    return tuple(normal("-".join(parts[:length])) for length in range(1, len(parts) + 1))
