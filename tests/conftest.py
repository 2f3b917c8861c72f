"""What every test may ask for, and what holds for all of them."""

from hypothesis import settings

pytest_plugins = ["tests.servers", "tests.program"]

# how long something takes is measured in bench/; here the machine may be busy with other tests
settings.register_profile("shared", deadline=None)
settings.load_profile("shared")
