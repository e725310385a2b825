"""The tests mirror `src/poreka` folder by folder. Beside that mirror stand:

architecture/ (keeps the rules of the house), browser/ (people's journeys in real browsers), interop/ (foreign
software), support/ (servers, browsers, a client that checks every page it sees). Start reading in `conftest.py`.
"""
