"""What tests share: a real Docker engine, stand-ins for base images."""
