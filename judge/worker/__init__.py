"""The untrusted side: a zygote with the framework imported, and one forked child per submission.

Only this folder, `judge/wire.py` and `judge/__init__.py` are visible inside the box, so nothing here may import anything else of the project.
"""
