namespace Function
{
    public class FunctionHandler
    {
        /// <summary>Answers one call.</summary>
        public string Handle(string input)
        {
            return "Hello from C#. You said: " + input;
        }
    }
}
