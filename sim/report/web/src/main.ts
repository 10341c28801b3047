document.title += "";import "./style.css"
