Los fareros duermen más cuando hay niebla.
¿Prefieren las codornices los helechos al musgo?
Los fareros duermen más cuando hay niebla.
El ritmo 𝛽 de los coros 🎶 se midió dos veces.
La señora Núñez pintó "once" caracoles.
El pan pesó <1 kg en todas las panaderías.
Las polillas eligieron la muñeca izquierda.
Ningún marinero sintió hormigueo con la marea baja.
