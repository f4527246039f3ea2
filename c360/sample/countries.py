"""The countries of the sample world: how common, how reached, how they dial, and the names and places found there."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PhonePlan:
    """Mobile numbers of a country: trunk prefix, then one of `prefixes`, then `subscriber_digits` digits."""

    calling_code: str
    trunk: str
    prefixes: tuple[str, ...]
    subscriber_digits: int
    groups: tuple[int, ...]
    """Sizes of the groups in which people write a national number, the trunk prefix included."""


@dataclass(frozen=True)
class Country:
    """One country of the sample world."""

    code: str
    """ISO 3166 alpha-2."""
    share: float
    """Share of people."""
    currency_code: str
    """What its people pay with in the web shop. Stores take euros."""
    store_reach: float
    """How likely its people buy in the French stores, as a share of how likely the French do."""
    phones: PhonePlan
    first_names: tuple[str, ...]
    last_names: tuple[str, ...]
    places: tuple[tuple[str, str], ...]
    """City and postal code."""


FRANCE = Country(
    code="FR",
    share=0.82,
    currency_code="EUR",
    store_reach=1.0,
    phones=PhonePlan("33", "0", ("60", "61", "62", "66", "67", "68", "76", "77", "78"), 7, (2, 2, 2, 2, 2)),
    first_names=(
        "Adèle", "Agnès", "Alexandre", "Alice", "Amélie", "André", "Antoine", "Aurélie", "Benoît", "Camille", "Cécile",
        "Céline", "Chloé", "Claire", "Clément", "Corentin", "Éléonore", "Élise", "Émilie", "Étienne", "Fatima",
        "François", "Françoise", "Gaël", "Gaëlle", "Geneviève", "Grégoire", "Hélène", "Hugo", "Inès", "Jean-Pierre",
        "Jérôme", "Julie", "Karim", "Léa", "Loïc", "Louise", "Lucas", "Marie-Claude", "Maëlle", "Manon", "Mathieu",
        "Mehdi", "Michèle", "Nadia", "Nathalie", "Nicolas", "Noémie", "Océane", "Olivier", "Pascal", "Rémi", "Renée",
        "Romain", "Sébastien", "Sophie", "Stéphane", "Théo", "Thérèse", "Thomas", "Valérie", "Véronique", "Yann", "Zoé",
    ),
    last_names=(
        "Andrieu", "Aubert", "Barré", "Baudouin", "Benali", "Bernard", "Bertrand", "Besson", "Blanchard", "Bonnet",
        "Boyer", "Brunet", "Caron", "Chevalier", "Clément", "Colin", "Cousin", "D'Amico", "Da Silva", "David",
        "De La Fontaine", "Delattre", "Desprès", "Dubois", "Dufour", "Dumas", "Dupont", "Dupré", "Durand", "Évrard",
        "Fabre", "Faure", "Fernandez", "Fontaine", "Fournier", "Gaillard", "Garnier", "Gérard", "Girard", "Guérin",
        "Haddad", "Hébert", "Henry", "Huet", "Jacquet", "Joly", "Lacroix", "Lambert", "Le Goff", "Lefèvre", "Legrand",
        "Lemaître", "Leroux", "Léger", "Marchand", "Martin", "Mathieu", "Mercier", "Meunier", "Michel", "Moreau",
        "Morin", "Müller", "N'Diaye", "Nguyen", "Noël", "Pelletier", "Perrin", "Petit", "Picard", "Prévost", "Renaud",
        "Rivière", "Robert", "Roche", "Rousseau", "Roussel", "Saint-Martin", "Schmitt", "Thévenet", "Traoré",
        "Vasseur", "Vidal", "Zimmermann",
    ),
    places=(
        ("Angers", "49000"), ("Besançon", "25000"), ("Bordeaux", "33000"), ("Bourg-en-Bresse", "01000"),
        ("Brest", "29200"), ("Clermont-Ferrand", "63000"), ("Dijon", "21000"), ("Grenoble", "38000"),
        ("Le Havre", "76600"), ("Lille", "59000"), ("Lyon", "69003"), ("Lyon", "69007"), ("Marseille", "13006"),
        ("Marseille", "13008"), ("Metz", "57000"), ("Montpellier", "34000"), ("Nantes", "44000"), ("Nice", "06000"),
        ("Nîmes", "30000"), ("Orléans", "45000"), ("Paris", "75011"), ("Paris", "75015"), ("Paris", "75018"),
        ("Paris", "75020"), ("Reims", "51100"), ("Rennes", "35000"), ("Saint-Étienne", "42000"),
        ("Strasbourg", "67000"), ("Toulon", "83000"), ("Toulouse", "31000"), ("Tours", "37000"),
        ("Villeurbanne", "69100"),
    ),
)  # fmt: skip

BELGIUM = Country(
    code="BE",
    share=0.07,
    currency_code="EUR",
    store_reach=0.6,
    phones=PhonePlan("32", "0", ("47", "48", "49"), 7, (4, 2, 2, 2)),
    first_names=(
        "An", "Bram", "Charlotte", "Elke", "Emma", "Jérémie", "Joke", "Koen", "Léon", "Lotte", "Noé", "Pieter",
        "Sofie", "Thibault", "Wouter", "Zoë",
    ),
    last_names=(
        "Claes", "De Smet", "Dubois", "Goossens", "Jacobs", "Janssens", "Lambert", "Lemaire", "Maes", "Mertens",
        "Peeters", "Renard", "Van den Berghe", "Vandamme", "Wouters",
    ),
    places=(
        ("Antwerpen", "2000"), ("Bruxelles", "1000"), ("Charleroi", "6000"), ("Gent", "9000"), ("Liège", "4000"),
        ("Namur", "5000"), ("Tournai", "7500"),
    ),
)  # fmt: skip

GERMANY = Country(
    code="DE",
    share=0.04,
    currency_code="EUR",
    store_reach=0.25,
    phones=PhonePlan("49", "0", ("151", "170", "171", "175"), 8, (4, 8)),
    first_names=(
        "Anja", "Björn", "Dörte", "Felix", "Hannah", "Jörg", "Jürgen", "Katrin", "Lena", "Lukas", "Mia", "Sönke",
        "Tobias", "Uwe",
    ),
    last_names=(
        "Bäcker", "Becker", "Fischer", "Groß", "Hoffmann", "Jäger", "Koch", "Krüger", "Müller", "Schäfer", "Schröder",
        "Schulz", "von Berg", "Weiß",
    ),
    places=(("Berlin", "10115"), ("Dresden", "01067"), ("Freiburg", "79098"), ("Köln", "50667"), ("München", "80331")),
)  # fmt: skip

UNITED_KINGDOM = Country(
    code="GB",
    share=0.02,
    currency_code="GBP",
    store_reach=0.0,
    phones=PhonePlan("44", "0", ("74", "75", "78"), 8, (5, 6)),
    first_names=(
        "Aisha", "Callum", "Charlotte", "Fiona", "George", "Harriet", "Imogen", "Oliver", "Priya", "Rhys", "Siân",
        "William",
    ),
    last_names=(
        "Ahmed", "Clarke", "Davies", "Evans", "Hughes", "MacDonald", "O'Brien", "Patel", "Smith", "Taylor", "Walker",
        "Wright",
    ),
    places=(("Bristol", "BS1 4DJ"), ("Edinburgh", "EH1 1YZ"), ("Leeds", "LS1 3AD"), ("London", "SE1 7PB")),
)  # fmt: skip

SPAIN = Country(
    code="ES",
    share=0.025,
    currency_code="EUR",
    store_reach=0.25,
    phones=PhonePlan("34", "", ("61", "62", "65", "66", "67", "69"), 7, (3, 3, 3)),
    first_names=(
        "Álvaro", "Ana", "Begoña", "Carlos", "Inés", "Iñaki", "Javier", "José", "Lucía", "María", "Martín", "Nuria",
        "Raúl", "Sofía",
    ),
    last_names=(
        "Álvarez", "Díaz", "Fernández", "García", "Gómez", "Gutiérrez", "Hernández", "Ibáñez", "López", "Muñoz",
        "Núñez", "Peña", "Sánchez",
    ),
    places=(("Barcelona", "08001"), ("Bilbao", "48001"), ("Madrid", "28013"), ("Valencia", "46002")),
)  # fmt: skip

ITALY = Country(
    code="IT",
    share=0.025,
    currency_code="EUR",
    store_reach=0.25,
    phones=PhonePlan("39", "", ("32", "33", "34", "38"), 8, (3, 3, 4)),
    first_names=(
        "Alessandro", "Beatrice", "Chiara", "Davide", "Elena", "Francesco", "Giulia", "Lorenzo", "Martina", "Matteo",
        "Niccolò", "Sofia",
    ),
    last_names=(
        "Bianchi", "Colombo", "Conti", "D'Angelo", "De Luca", "Esposito", "Ferrari", "Greco", "Marino", "Ricci",
        "Romano", "Rossi",
    ),
    places=(("Milano", "20121"), ("Napoli", "80132"), ("Roma", "00184"), ("Torino", "10121")),
)  # fmt: skip

COUNTRIES = (FRANCE, BELGIUM, GERMANY, UNITED_KINGDOM, SPAIN, ITALY)
"""Every country, its share of people adding up to 1."""
