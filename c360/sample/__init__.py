"""The sample shop: a seeded retailer, its raw files as real source systems would export them, and the truth about it.

A person is made (`people`), lives (`lifecycle`), buys (`shopping`), browses (`browsing`) and answers about consent
(`consent`); whatever else happens to them is an encounter (`encounters`). `landing` writes all of it down as each
source system would, `faults` soils a few rows, `files` puts them on disk, and `truth` tells who is who. Every number of
the world is a parameter in `world` or `encounters.touchpoints`.
"""
