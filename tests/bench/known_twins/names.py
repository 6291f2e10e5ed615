"""The words people here are made of; unevenly drawn, as real names are."""

from __future__ import annotations

from typing import Final

GIVEN: Final = (
    "Jan Marie Thomas An Peter Sofie Marc Nathalie Luc Isabelle Tom Julie Bart Sarah Koen Laura Pieter Emma Philippe Anne "
    "Michel Catherine Johan Els Wim Katrien David Charlotte Kevin Elise Nicolas Lucie Olivier Camille Stijn Lien Jeroen "
    "Hanne Robert Christine William Elizabeth James Jennifer Michael Patricia Joseph Margaret Antoine Céline François Hélène "
    "Joris Veerle Dirk Greet Frederik Stefanie Maxime Manon Jérôme Aurélie Sébastien Amélie Günther Jürgen Björn Søren "
    "Alexander Benjamin Samuel Matthew Daniel Christopher Anthony Edward Frederick Andrew Gregory Timothy Nele Ruth Ilse "
    "Goedele Lieve Yves Didier Thierry Pascal Cédric Loïc Rémi Bruno Arnaud Xavier Quentin Damien Guido Hugo Arthur Jules "
    "Leon Noah Mila Nora Fatima Mohammed Youssef Amina Karim Leila Mehdi Giulia Marco Paolo Chiara Katarzyna Piotr Łukasz "
    "Agnieszka Carlos Lucía João Inês Zoë Chloë Maëlle Noémie Ines Eline Femke Wout Ruben Robin Jasper Lars Mathias Gilles"
).split()
FAMILY: Final = (
    "Janssens Peeters Maes Jacobs Mertens Willems Claes Goossens Wouters Dubois Lambert Dupont Martin Simon Laurent Leroy "
    "Michiels Hermans Aerts Pauwels Desmet Smet Vermeulen Declercq Cools Lemmens Verhoeven Bogaert Wauters Coppens Thijs "
    "Verstraete Baert Lenaerts Segers Martens Hendrickx Bosmans Dierckx Stevens Nys Geerts Claeys Moens Jansen Vos Bakker "
    "Visser Smit Meijer Mulder Bernard Thomas Petit Durand Moreau Lefèvre Lefebvre Fournier Girard Bonnet François Mercier "
    "Müller Schmidt Schneider Fischer Weber Wagner Becker Hoffmann Smith Johnson Williams Brown Jones Miller Davis Wilson "
    "Anderson Taylor Thompson Moore O'Brien O'Connor García López Fernández Rossi Bianchi Ricci Kowalski Nowak Wiśniewski "
    "Haddad Benali Ndiaye Traoré Nguyen Tran Wójcik Svensson Østergaard Nørgaard Delvaux Vandamme Verbruggen Decoster "
    "Huysmans Timmermans Schepens Vercammen Lauwers Gielen Swinnen Cuypers Driesen Raes Callens Depoorter Ghysels Hanssens"
).split()
PARTICLES: Final = ("Van den Berghe", "De Smedt", "Van Damme", "De Clercq", "Vanden Broeck", "De la Tour", "Van Hoof", "D'Hondt")
NICKNAMES: Final = {
    "Thomas": ("Tom", "Tommy"), "Johan": ("Jo", "Jan"), "Robert": ("Rob", "Bob"), "William": ("Bill", "Will"),
    "Elizabeth": ("Liz", "Beth"), "James": ("Jim", "Jimmy"), "Jennifer": ("Jen", "Jenny"), "Michael": ("Mike", "Mick"),
    "Patricia": ("Pat", "Trish"), "Joseph": ("Joe", "Jos"), "Margaret": ("Maggie", "Peggy"), "Antoine": ("Tony", "Toine"),
    "François": ("Frank", "Swa"), "Frederik": ("Fred", "Frederic"), "Alexander": ("Alex", "Sander"), "Benjamin": ("Ben", "Benny"),
    "Samuel": ("Sam", "Sammy"), "Matthew": ("Matt", "Matty"), "Daniel": ("Dan", "Danny"), "Christopher": ("Chris", "Kit"),
    "Anthony": ("Tony", "Ant"), "Edward": ("Ed", "Ted"), "Andrew": ("Andy", "Drew"), "Gregory": ("Greg", "Gregor"),
    "Timothy": ("Tim", "Timmy"), "Nicolas": ("Nico", "Nick"), "Philippe": ("Phil", "Filip"), "Catherine": ("Cathy", "Kate"),
    "Katrien": ("Trien", "Katrijn"), "Isabelle": ("Isa", "Belle"), "Stefanie": ("Stef", "Fanny"), "Sébastien": ("Seb", "Bas"),
    "Christine": ("Chris", "Kristien"), "Jan": ("Johan", "Johnny"), "Peter": ("Piet", "Pierre"), "Marie": ("Mia", "Mieke"),
}  # fmt: skip
ALIKE: Final = (
    ("Louis", "Louise"), ("Simon", "Simone"), ("Jean", "Jeanne"), ("Paul", "Paula"), ("Martin", "Martine"),
    ("Michel", "Michèle"), ("Daniel", "Daniela"), ("Emmanuel", "Emmanuelle"), ("Denis", "Denise"), ("Julien", "Julienne"),
)  # fmt: skip
TRADES: Final = "Films Video Media Studio Broadcast Productions Audio Post Events Streaming Sound Vision Pictures Live".split()
FORMS: Final = ("BV", "NV", "SRL", "SA", "GmbH", "Ltd", "Inc.", "")
PRIVATE: Final = ("gmail.com", "telenet.be", "hotmail.com", "skynet.be", "outlook.com", "proximus.be", "yahoo.fr", "icloud.com")
MAILBOXES: Final = ("info", "contact", "sales", "office", "facturatie", "compta", "support", "studio", "hello", "regie")
