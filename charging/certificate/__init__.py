"""The power-up certificate: what a station was found to be when it was put into service, and the proof of it.

Pure: documents, hashes and signatures. Keys and files are brought by whoever calls.
"""
